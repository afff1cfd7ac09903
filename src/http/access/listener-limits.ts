import type { FastifyRequest } from 'fastify'
import { type Caller, personOf } from '../../accounts/callers.ts'
import type { ImportOptions } from '../../jobs/import/novel-commands.ts'
import { Failure } from '../../novel/failure.ts'

type Asked = Pick<FastifyRequest, 'caller'>

/** Whether who asks may change no book but those that they keep to themselves. */
export function isListener({ caller }: { readonly caller: Caller }): boolean {
  return personOf(caller)?.role === 'listener'
}

/** For what would change more than a listener's own books. Throws `account.forbidden`. */
export function refuseListener(request: Asked): void {
  if (isListener(request)) throw new Failure('account.forbidden', { role: 'listener' })
}

/** Under whose name a book is added; a listener's is kept in any case. */
export function addedBy(request: Asked, kept: boolean): Required<Pick<ImportOptions, 'addedBy' | 'keep'>> {
  return { addedBy: personOf(request.caller)?.listener, keep: kept || isListener(request) }
}

/** A listener's books do not come before those of the house. */
export function priorityFor(request: Asked, priority: number | undefined): number | undefined {
  return priority !== undefined && isListener(request) ? Math.min(priority, 0) : priority
}
