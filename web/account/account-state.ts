import { useQuery } from '@tanstack/react-query'
import type { AccountPerson, AccountState } from '../../src/http/contract/account-contract.ts'
import { getFresh } from '../api.ts'
import { base } from '../base.ts'
import { recallObject, remember } from '../element/stored.ts'
import { keys } from '../keys.ts'
import { haveReturned } from './away.ts'
import type { Role } from './account-api.ts'

const stored = 'account'
const ranks: Readonly<Record<Role, number>> = { listener: 0, editor: 1, admin: 2 }

const accountQuery = {
  queryKey: keys.account,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<AccountState> => {
    const state = await getFresh<AccountState>(`${base}/api/accounts/session`, signal)
    // Who was here last stays known while they are signed out.
    if (state.state === 'signed-in') await welcome(state)
    if (state.state === 'open') remember(stored, null)
    return state
  },
  staleTime: 5 * 60_000,
  // Another tab may have signed in or out meanwhile.
  refetchOnWindowFocus: 'always' as const,
}

/** Who sits here, as far as it is known: without a server, who it was. */
export function useAccount(): AccountState | undefined {
  return useQuery({ ...accountQuery, placeholderData: recalledAccount }).data
}

function recalledAccount(): AccountState | undefined {
  return recallObject(stored) as AccountState | undefined
}

/**
 * Notes who is here. Who has come by a provider or a proxy is known only now: where it is somebody else than before, what
 * this browser keeps of that one goes, and the page begins anew.
 */
async function welcome(state: AccountState): Promise<void> {
  const before = recalledPerson()
  const isOther = before !== undefined && state.person !== null && before.id !== state.person.id
  if (isOther) {
    const { forgetPerson } = await import('./forget-device.ts')
    await forgetPerson()
  }
  remember(stored, state)
  haveReturned()
  if (isOther) location.reload()
}

/** Whoever has signed in here last, on this browser. */
export function recalledPerson(): AccountPerson | undefined {
  return recalledAccount()?.person ?? undefined
}

/** Whether the way in is shown instead of what stands within. */
export function isOutside(account: AccountState | undefined): account is AccountState {
  return account?.state === 'setup' || account?.state === 'signed-out'
}

/**
 * Whether who sits here may do what `least` may. Everybody may where nobody signs in, and as long as it is not known: the
 * server decides.
 */
export function useMay(least: Role): boolean {
  const person = useAccount()?.person
  return !person || ranks[person.role] >= ranks[least]
}

/** Whether who sits here may add books: a listener for themselves alone, if the house lets them. */
export function useMayAdd(): boolean {
  const mayEdit = useMay('editor')
  return useAccount()?.mayAdd ?? mayEdit
}
