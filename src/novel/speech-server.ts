import { Failure } from './failure.ts'
import type { Voice } from './voice.ts'

/** A program elsewhere that speaks, by the interface of OpenAI's `audio/speech`. */
export interface SpeechServer {
  /** In voice ids: `server:NAME:VOICE`. */
  readonly name: string
  /** What people call it: "Kokoro on the desk PC". */
  readonly title: string
  /** What its paths are appended to: `http://desk:8880/v1`. */
  readonly address: string
  /** Never leaves the server process but for this address. */
  readonly key?: string
  /** `kokoro`, `tts-1`. */
  readonly model: string
  /** Requests at the same time. */
  readonly parallel: number
  readonly charactersPerRequest: number
  readonly charactersPerMonth?: number
  /** Takes sound in no known format for raw 16-bit PCM, mono, at this rate in Hz. */
  readonly pcmRate?: number
}

/**
 * The address that a server's paths are appended to, made of what a person typed: without the path of a single
 * service, and with `/v1`, where all these servers live, if there is no path at all; another path is left as it is.
 * Throws `request.senseless`.
 */
export function speechServerAddress(typed: string): string {
  const text = typed.trim()
  const refuse = (why: string): Failure => new Failure('request.senseless', { detail: `the address ${why}` })
  if (text === '') throw refuse('is empty; write one like http://desk:8880/v1')
  if (text.length > 500) throw refuse('is longer than any real one')
  // The parser leaves line breaks and tabs out without a word.
  if (/[\s\p{C}]/u.test(text)) throw refuse('holds blanks or control characters; write it without them')
  if (!/^https?:\/\//i.test(text)) {
    throw refuse(`"${text}" does not begin with http:// or https://; write the one that this server speaks`)
  }
  if (!URL.canParse(text)) throw refuse(`"${text}" is none; write one like http://desk:8880/v1`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    throw refuse('holds a name or password; leave it out and put a key into its own field')
  }
  if (/[?#]/.test(text)) throw refuse('has something after a ? or #; leave that out')
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(audio\/(speech|voices)|voices|models)$/, '')
  return `${url.origin}${path === '' ? '/v1' : path}`
}

/**
 * A key as it is sent: without the blanks around it; `undefined` for none. Throws `request.senseless` for what cannot
 * be sent; the message does not hold it.
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

/** Whether it can stand in a request's head. */
export function canBeKey(key: string): boolean {
  return key.length <= 1000 && /^[\x21-\x7e]*$/.test(key)
}

/** A server's name in voice ids: small letters, digits and hyphens of its title, unlike the names in use. */
export function speechServerName(title: string, taken: ReadonlySet<string> = new Set()): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, '')
  // A title without a Latin letter.
  const name = plain === '' ? 'server' : plain
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`
  return free
}

/** BCP 47 for several languages: what a server's voice speaks, nobody says. */
export const anyLanguage = 'mul'

/** A voice of a speech server, as the list of voices shows it: `server:NAME:VOICE`. */
export function serverVoice({ name, title }: SpeechServer, voice: string): Voice {
  return {
    id: `server:${name}:${voice}`,
    engine: 'server',
    name: `${voice} · ${title}`,
    language: anyLanguage,
    neural: true,
  }
}

/** The server and its voice's name in a voice id; `undefined` when it is no server's voice. */
export function voiceOnServer(
  voiceId: string,
): { readonly server: string; readonly voice: string } | undefined {
  const match = /^server:([^:]+):(.+)$/.exec(voiceId)
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { server: match[1], voice: match[2] }
}
