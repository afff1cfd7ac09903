import { type AnswerError, isSignedOut } from './answer-error.ts'

/** Whether the server is reached, by what asks it; the event stream of the page knows more, and is told. */
export const contact = {
  isLost: (): boolean => false,
  answered: (): void => undefined,
  unanswered: (): void => undefined,
  /** It answered that it wants to know first who asks. */
  signedOut: (): void => undefined,
}

/** The failure itself; whoever has to sign in again is asked to. */
export function noted(failure: AnswerError): AnswerError {
  if (isSignedOut(failure)) contact.signedOut()
  return failure
}
