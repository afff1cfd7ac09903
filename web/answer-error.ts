import { t } from '@lingui/core/macro'
import type { FailureAnswer } from '../src/http/contract/field-contract.ts'
import { failureWords } from './i18n/failure-words.ts'
import { saidWords } from './i18n/said-words.ts'

/** What went wrong, in the server's sentence. `status` 0: the server was not reached. */
export class AnswerError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(message)
    this.name = 'AnswerError'
    this.code = code
    this.status = status
  }
}

/** Whether there was no answer at all: the server is away. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof AnswerError && error.status === 0
}

/** Whether the server wants to know first who asks: nobody is signed in, or not any more. */
export function isSignedOut(error: unknown): boolean {
  return (
    error instanceof AnswerError && (error.code === 'account.signed-out' || error.code === 'account.setup')
  )
}

/** Of the server's own trouble, what stays as it is until somebody changes a setting or the files. */
const lasting: ReadonlySet<string> = new Set([
  'recording.too-large',
  'voice.missing',
  'voice.damaged',
  'storage.unwritable',
])

/** Whether what was sent may be taken another time: the server was away, was busy, or had trouble that passes. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof AnswerError)) return false
  const { status, code } = error
  // What a listener did is sent when they are signed in again.
  if (isSignedOut(error)) return true
  return status === 0 || status === 408 || status === 429 || (status >= 500 && !lasting.has(code))
}

export function unreachable(): AnswerError {
  return new AnswerError(
    'unreachable',
    t`Nightjar does not answer just now. Nothing is lost; try again in a moment.`,
    0,
  )
}

/** The sentence of a failure, in the language of the page. */
export function failureSentence({
  code,
  error,
  details,
  detailSaid,
}: Pick<FailureAnswer, 'code' | 'error' | 'details' | 'detailSaid'>): string {
  const given = detailSaid && { ...details, detail: saidWords(String(details?.['detail']), detailSaid) }
  return failureWords(code, error, given ?? details)
}

/** What the server says about a failure; `text` is the body of an answer that was not 2xx. */
export function failureIn(text: string, status: number): AnswerError {
  try {
    const { code = 'unknown', error, ...rest } = JSON.parse(text) as Partial<FailureAnswer>
    if (typeof error === 'string')
      return new AnswerError(code, failureSentence({ code, error, ...rest }), status)
  } catch {
    // Not from Nightjar itself: a proxy's page, say.
  }
  return new AnswerError('unknown', t`The server answered ${status} without saying why. Try again.`, status)
}
