import type { AccessToken } from '../novel/access-token.ts'
import type { Failure } from '../novel/failure.ts'
import type { Person, Vouched } from '../novel/person.ts'
import type { Eyes } from '../storage/queries/kept-novel-queries.ts'

/** Who sends a request. */
export type Caller =
  /** Nobody is asked who they are: all may do everything. */
  | { readonly kind: 'open' }
  /** `refused`: why what came as a secret is none; `vouched`: as whom a proxy knows somebody who is not let in yet. */
  | { readonly kind: 'nobody'; readonly refused?: Failure; readonly vouched?: Vouched }
  /** `session`: its id; without one a proxy vouches for the person. */
  | { readonly kind: 'person'; readonly person: Person; readonly session?: string }
  /** `person`: whose it is; without one it is the house's. */
  | { readonly kind: 'token'; readonly token: AccessToken; readonly person?: Person }
  /** The command line on this machine, which has read the data folder. */
  | { readonly kind: 'console' }

/** Who is there before there are people; its row comes with the schema, and the first admin takes it. */
const houseListener = 'home'

/** Id of the listener who asks. Everything that belongs to a listener is stored under it. */
export function listenerOf({ caller }: { readonly caller: Caller }): string {
  return personOf(caller)?.listener ?? houseListener
}

/** What of the novels that people keep to themselves somebody sees. */
export function eyesOf({ caller }: { readonly caller: Caller }): Eyes {
  if (caller.kind === 'open' || caller.kind === 'console') return undefined
  return personOf(caller)?.listener ?? ''
}

export function personOf(caller: Caller): Person | undefined {
  return caller.kind === 'person' || caller.kind === 'token' ? caller.person : undefined
}
