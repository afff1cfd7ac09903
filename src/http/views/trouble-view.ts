import { Failure, type FailureCode, failureMessages } from '../../novel/failure.ts'
import type { StoredFailure } from '../../storage/queries/stored-failure.ts'
import type { TroubleView } from '../contract/field-contract.ts'
import { failureBody } from '../protocol/failure-responses.ts'

/** A failure that was stored, with its sentence. A newer version may have stored a code that this one does not know. */
export function viewTrouble({ code, details }: StoredFailure): TroubleView {
  const known = Object.hasOwn(failureMessages, code) ? (code as FailureCode) : 'server.broken'
  const { success: _, ...body } = failureBody(new Failure(known, details))
  return body
}
