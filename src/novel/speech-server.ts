import { Failure } from './failure.ts'
import { parseBaseAddress } from './typed-address.ts'
import type { Voice } from './voice.ts'

/** An external speech server with the interface of OpenAI's `audio/speech`. */
export interface SpeechServer {
  /** In voice ids: `server:NAME:VOICE`. */
  readonly name: string
  /** Display name: "Kokoro on the desk PC". */
  readonly title: string
  /** Base address of its paths: `http://desk:8880/v1`. */
  readonly address: string
  /** Sent to this address only. */
  readonly key?: string
  /** `kokoro`, `tts-1`. */
  readonly model: string
  /** Maximum concurrent requests. */
  readonly parallel: number
  readonly charactersPerRequest: number
  readonly charactersPerMonth?: number
  /** Audio in no known format is read as raw 16-bit PCM, mono, at this rate in Hz. */
  readonly pcmRate?: number
}

/**
 * Normalizes a base address as typed: removes the path of a single service, and adds `/v1`, where all these servers
 * are, if there is no path; any other path is kept. Throws `request.senseless`.
 */
export function speechServerAddress(typed: string): string {
  const url = parseBaseAddress(typed, 'http://desk:8880/v1')
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(audio\/(speech|voices)|voices|models)$/, '')
  return `${url.origin}${path === '' ? '/v1' : path}`
}

/**
 * A trimmed key; `undefined` if empty. Throws `request.senseless` for a key that cannot be sent in a header; the
 * message does not contain it.
 */
export function speechServerKey(typed: string): string | undefined {
  const key = typed.trim()
  if (!canBeKey(key)) {
    throw new Failure('request.senseless', {
      detail: 'the key holds characters that no key has; copy it again',
    })
  }
  return key === '' ? undefined : key
}

/** Whether a key is valid in a request header. */
export function canBeKey(key: string): boolean {
  return key.length <= 1000 && /^[\x21-\x7e]*$/.test(key)
}

/**
 * A server's name in voice ids: lower-case letters, digits and hyphens of its title, distinct from the names in use.
 */
export function speechServerName(title: string, taken: ReadonlySet<string> = new Set()): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  // Titles without a Latin letter or digit.
  const name = plain === '' ? 'server' : plain
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  return free
}

/** BCP 47 for several languages: servers do not report what a voice speaks. */
export const anyLanguage = 'mul'

/** The entry of a server's voice in the list of voices: `server:NAME:VOICE`. */
export function serverVoice({ name, title }: SpeechServer, voice: string): Voice {
  return {
    id: `server:${name}:${voice}`,
    engine: 'server',
    name: `${voice} · ${title}`,
    language: anyLanguage,
    neural: true,
  }
}

/** Parses a voice id into server and voice name; `undefined` if it is not a server's voice. */
export function voiceOnServer(
  voiceId: string,
): { readonly server: string; readonly voice: string } | undefined {
  const match = /^server:([^:]+):(.+)$/.exec(voiceId)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { server: match[1], voice: match[2] }
}
