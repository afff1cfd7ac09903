import type { SpeechServer } from '../../novel/speech-server.ts'

/**
 * Kinds of failures of a speech server:
 * `unreachable`: no answer, or an internal error of the server; retried later.
 * `busy`: it asks for a pause.
 * `quota`: the quota is used up; never retried automatically.
 * `refused`: it refuses and would again: every request if `wholeServer`, else this text and voice.
 * `bad-audio`: the answer is not audio.
 */
export type SpeechServerErrorKind = 'unreachable' | 'busy' | 'quota' | 'refused' | 'bad-audio'

export interface SpeechServerErrorOptions extends ErrorOptions {
  /** What to do; follows a semicolon in the message. */
  readonly advice: string
  readonly retryAfterMs?: number | undefined
  readonly wholeServer?: boolean
  /** HTTP status, if there was an answer. */
  readonly status?: number
  /** Certain that the server received nothing of the request. */
  readonly unsent?: boolean
}

/** The message is a sentence for users that names the server and never contains its key. */
export class SpeechServerError extends Error {
  readonly kind: SpeechServerErrorKind
  /** The message without its advice: "Kokoro on the desk PC does not answer". */
  readonly summary: string
  readonly retryAfterMs: number | undefined
  readonly wholeServer: boolean
  /** HTTP status; `undefined` if there was no answer. A server that fails on one text only answers it with 500. */
  readonly status: number | undefined
  /** Certain that the server received nothing of the request, so nothing can be charged for it. */
  readonly unsent: boolean

  /** `what` continues the sentence after the server's title; the key is redacted. */
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
    const summary = redactKey(`${server.title} ${what}`, server.key)
    super(`${summary}; ${advice}.`, options)
    this.name = 'SpeechServerError'
    this.kind = kind
    this.summary = summary
    this.retryAfterMs = retryAfterMs
    this.wholeServer = wholeServer
    this.status = status
    this.unsent = unsent
  }
}

/** Redacts the key: some servers quote it in their errors, plain or URL-encoded. */
export function redactKey(text: string, key: string | undefined): string {
  if (key === undefined || key === '') return text
  return text.replaceAll(key, '…').replaceAll(encodeURIComponent(key), '…')
}
