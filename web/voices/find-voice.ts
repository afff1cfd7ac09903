import type { Voice } from '../../src/http/contract/voice-contract.ts'

/** The voice with an id; of a model with many speakers, the speaker that the number behind it means. */
export function findVoice(voices: readonly Voice[] | undefined, id: string | null): Voice | undefined {
  const exact = voices?.find((voice) => voice.id === id)
  if (exact || id === null) return exact
  const [, base, number] = /^(.+):(\d+)$/.exec(id) ?? []
  const model = voices?.find((voice) => voice.id === base)
  const speaker = model?.speakers?.[Number(number)]
  return model && speaker !== undefined ? { ...model, id, name: `${model.name} · ${speaker}` } : undefined
}

/** The server and its voice in an id `server:NAME:VOICE`; `undefined` when it is no server's. */
export function onServer(id: string): { readonly server: string; readonly voice: string } | undefined {
  const [, server, voice] = /^server:([^:]+):(.+)$/.exec(id) ?? []
  return server === undefined || voice === undefined ? undefined : { server, voice }
}

/** What people call the server of a voice: its name is `VOICE · TITLE`. */
export function serverTitle({ id, name }: Voice): string | undefined {
  const place = onServer(id)
  return place && name.slice(`${place.voice} · `.length)
}
