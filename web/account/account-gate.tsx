import { type ReactNode, useEffect, useRef } from 'react'
import { WelcomePage } from '../lazy-pages/lazy-pages.ts'
import { isOutside, useAccount } from './account-state.ts'

/** Shows the way in to who is not known, and what stands within to everybody else. */
export function AccountGate({ children }: { readonly children: ReactNode }) {
  const account = useAccount()
  const outside = isOutside(account)
  const wasOutside = useRef(outside)
  useEffect(() => {
    // Signed in by another tab: this one begins anew too, as it does after its own form.
    if (wasOutside.current && !outside) location.reload()
    wasOutside.current = outside
  }, [outside])
  if (isOutside(account)) return <WelcomePage account={account} />
  return children
}
