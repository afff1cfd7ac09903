import type { ReactNode } from 'react'
import { WelcomePage } from '../lazy-pages/lazy-pages.ts'
import { isOutside, useAccount } from './account-state.ts'

/** Shows the way in to who is not known, and what stands within to everybody else. */
export function AccountGate({ children }: { readonly children: ReactNode }) {
  const account = useAccount()
  if (isOutside(account)) return <WelcomePage account={account} />
  return children
}
