import type { SpeechServer } from '../../../novel/speech-server.ts'

/**
 * What came between us and a speech server:
 * `unreachable`: no answer, or one of its own failures; again later.
 * `busy`: it asks for a pause.
 * `quota`: paid for no more; never again by itself.
 * `refused`: it says no, and would again: to everything if `wholeServer`, else to this text and voice.
 * `bad-audio`: it answered with something that is no sound.
 */
export type SpeechServerErrorKind = 'unreachable' | 'busy' | 'quota' | 'refused' | 'bad-audio'

export interface SpeechServerErrorOptions extends ErrorOptions {
  /** What to do, after a semicolon. */
  readonly advice: string
  readonly retryAfterMs?: number | undefined
  readonly wholeServer?: boolean
  /** The HTTP status, where there was one. */
  readonly status?: number
  /** It is certain that the server got nothing of the request. */
  readonly unsent?: boolean
}

/** The message is a sentence for people that names the server and never holds its key. */
export class SpeechServerError extends Error {
  readonly kind: SpeechServerErrorKind
  /** The message without its advice: "Kokoro on the desk PC does not answer". */
  readonly summary: string
  readonly retryAfterMs: number | undefined
  readonly wholeServer: boolean
  /** The HTTP status; `undefined` if there was no answer. A server that fails at one text only answers 500 to it. */
  readonly status: number | undefined
  /** It is certain that the server got nothing of the request: nothing can be charged for it. */
  readonly unsent: boolean

  /** `what` goes on after the server's title; a key that the server said in it is left out. */
  constructor(
    server: Pick<SpeechServer, 'title' | 'key'>,
    kind: SpeechServerErrorKind,
    what: string,
    {
      advice,
      retryAfterMs,
      wholeServer = false,
      status,
      unsent = false,
      ...options
    }: SpeechServerErrorOptions,
  ) {
    const complaint = redactKey(`${server.title} ${what}`, server.key)
    super(`${complaint}; ${advice}.`, options)
    this.name = 'SpeechServerError'
    this.kind = kind
    this.summary = complaint
    this.retryAfterMs = retryAfterMs
    this.wholeServer = wholeServer
    this.status = status
    this.unsent = unsent
  }
}

/** Some servers say the key in their errors, as it is or as in an address. */
export function redactKey(text: string, key: string | undefined): string {
  if (key === undefined || key === '') return text
  return text.replaceAll(key, '…').replaceAll(encodeURIComponent(key), '…')
}
