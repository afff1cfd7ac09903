import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import type { ServerWishes } from '../api.ts'

/** What stands in the fields of the form, as typed. */
export type ServerFields = Readonly<
  Record<
    | 'title'
    | 'address'
    | 'key'
    | 'model'
    | 'voices'
    | 'parallel'
    | 'charactersPerRequest'
    | 'charactersPerMonth'
    | 'pcmRate',
    string
  >
> & { readonly forgetKey: boolean }

export function fieldsOf(server: SpeechServerView | undefined): ServerFields {
  return {
    title: server?.title ?? '',
    address: server?.address ?? '',
    key: '',
    forgetKey: false,
    model: server?.model ?? '',
    // Those that the server told itself need no typing, and a list of it would be taken for typed.
    voices: server && !server.voicesListed ? server.voices.join('\n') : '',
    parallel: asTyped(server?.parallel),
    charactersPerRequest: asTyped(server?.charactersPerRequest),
    charactersPerMonth: asTyped(server?.charactersPerMonth),
    pcmRate: asTyped(server?.pcmRate),
  }
}

/** What the fields ask for. An empty field leaves what is usual, or takes a limit away; the key stays unless told otherwise. */
export function wishesOf(fields: ServerFields, before: ServerFields): ServerWishes {
  const { title, address, model, forgetKey } = fields
  const key = fields.key.trim()
  const [parallel, charactersPerRequest] = [number(fields.parallel), number(fields.charactersPerRequest)]
  return {
    title: title.trim(),
    address: address.trim(),
    ...(key !== '' ? { key } : forgetKey ? { key: null } : {}),
    ...(model.trim() !== '' && { model: model.trim() }),
    ...(fields.voices !== before.voices && { voices: voicesTyped(fields.voices) }),
    ...(parallel !== null && { parallel }),
    ...(charactersPerRequest !== null && { charactersPerRequest }),
    charactersPerMonth: number(fields.charactersPerMonth),
    pcmRate: number(fields.pcmRate),
  }
}

/** Names in lines or between commas, each once. */
function voicesTyped(text: string): string[] {
  const names = text.split(/[\n,;]+/).map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}

function number(typed: string): number | null {
  return typed.trim() === '' ? null : Number(typed)
}

function asTyped(value: number | null | undefined): string {
  return value == null ? '' : String(value)
}
