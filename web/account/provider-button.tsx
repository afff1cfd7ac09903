import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { base } from '../base.ts'
import { Trouble } from '../element/page-state.tsx'
import { accountFailureWords } from '../i18n/account-failure-words.ts'
import { leaveForProvider } from './away.ts'

/** Where somebody is who has just signed out: the provider then asks for the password, though it knows the browser. */
export const signedOutPath = '/sign-in?out'

/** A link to the page of the provider, which is not an answer to be fetched. */
export function ProviderButton({ name }: { readonly name: string }) {
  const again = new URLSearchParams(location.search).has('out') ? '?again=yes' : ''
  return (
    <p>
      <a className="button main" href={`${base}/api/accounts/provider${again}`} onClick={leaveForProvider}>
        <Trans>Sign in with {name}</Trans>
      </a>
    </p>
  )
}

/** Why somebody came back from the provider without being signed in; it stands in the address. */
export function ProviderTrouble() {
  const failed = new URLSearchParams(location.search).get('failed')
  if (failed === null) return null
  const words = accountFailureWords[`account.${failed}`]?.({})
  return <Trouble error={new Error(words ?? t`Signing in did not work. Try again, or ask an admin.`)} />
}
