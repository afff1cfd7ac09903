import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Link } from 'wouter'
import { Confirm } from '../element/confirm.tsx'
import { Loading, Quiet } from '../element/page-state.tsx'
import { Told } from '../element/told.tsx'
import { useTitle } from '../element/use-title.ts'
import { type AccountState, accountApi } from './account-api.ts'
import { AccountForm } from './account-form.tsx'
import { useAccount } from './account-state.ts'
import { leave } from './enter.ts'
import { Field } from './field.tsx'
import { NewPassword } from './password-fields.tsx'
import { Provider } from './provider.tsx'
import { roleMay, roleName } from './role-words.ts'
import { Sessions } from './sessions.tsx'
import { Tokens } from './tokens.tsx'
import '../settings/settings.css'
import './account.css'

/** One's own account: password, where one is signed in, and the programs that may come in one's name. */
export function AccountPage() {
  useTitle(t`Your account`)
  const account = useAccount()
  if (!account) return <Loading words={t`One moment…`} />
  if (!account.person)
    return (
      <Quiet title={t`Nobody signs in here`}>
        <p>
          <Trans>
            Whoever reaches this Nightjar may use it. To have accounts, start it with NIGHTJAR_AUTH=accounts.
          </Trans>
        </p>
        <p>
          <Link href="/">
            <Trans>To the shelf</Trans>
          </Link>
        </p>
      </Quiet>
    )
  const { person, ways } = account
  return (
    <div className="settings account-page">
      <h1>
        <Trans>Your account</Trans>
      </h1>
      <p>
        <strong>{person.name}</strong> · {roleName(person.role)}
      </p>
      <p className="soft">{roleMay(person.role)}</p>
      <SignOut ways={ways} byProvider={person.isVouchedFor ? ways.provider : null} />
      {ways.provider !== null && <Provider name={ways.provider} person={person} />}
      {person.hasPassword && <Password />}
      <Sessions />
      <Tokens role={person.role} />
    </div>
  )
}

interface SignOutProps {
  readonly ways: AccountState['ways']
  /** What the provider is called by which one may have come; `null`: none. */
  readonly byProvider: string | null
}

function SignOut({ ways, byProvider }: SignOutProps) {
  const [there, setThere] = useState(false)
  const out = useMutation({ mutationFn: () => leave(there) })
  if (ways.proxy)
    return (
      <p className="soft">
        <Trans>The proxy in front of Nightjar says who you are: there you sign out.</Trans>
      </p>
    )
  return (
    <Confirm
      trigger={
        <Button className="button">
          <Trans>Sign out</Trans>
        </Button>
      }
      title={t`Sign out of this browser?`}
      action={t`Sign out`}
      refuse={t`Stay`}
      onConfirm={() => out.mutateAsync()}
    >
      <p>
        <Trans>
          The chapters that are kept on this device are removed from it. Your places, bookmarks and settings
          stay with your account.
        </Trans>
      </p>
      {byProvider !== null && (
        <label>
          <input type="checkbox" checked={there} onChange={({ target }) => setThere(target.checked)} />{' '}
          <Trans>Sign out of {byProvider} too: its page opens and asks you</Trans>
        </label>
      )}
    </Confirm>
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [changed, setChanged] = useState(false)
  return (
    <section aria-labelledby="password-title">
      <h2 id="password-title">
        <Trans>Password</Trans>
      </h2>
      <AccountForm
        label={t`Change the password`}
        action={t`Change the password`}
        onSend={() => accountApi.changePassword(current, password)}
        onSent={() => {
          setCurrent('')
          setPassword('')
          setChanged(true)
        }}
      >
        <Field
          label={t`Present password`}
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
          value={current}
          onChange={(event) => {
            setChanged(false)
            setCurrent(event.target.value)
          }}
        />
        <NewPassword value={password} onChange={setPassword} />
      </AccountForm>
      <Told
        className="figures"
        words={changed && t`The password is changed. Everywhere else you have to sign in again.`}
      />
    </section>
  )
}
