import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { useTitle } from '../element/use-title.ts'
import { type AccountState, accountApi } from './account-api.ts'
import { AccountForm } from './account-form.tsx'
import { base } from '../base.ts'
import { enterAs } from './enter.ts'
import { Field } from './field.tsx'
import { NewPassword } from './password-fields.tsx'
import { ProviderButton, ProviderTrouble } from './provider-button.tsx'
import '../settings/settings.css'
import './account.css'

/** What is seen by who is not known: the way in, or on the first day the making of the first admin. */
export function WelcomePage({ account }: { readonly account: AccountState }) {
  return account.state === 'setup' ? <FirstAdmin ways={account.ways} /> : <SignIn ways={account.ways} />
}

interface WaysProps {
  readonly ways: AccountState['ways']
}

function FirstAdmin({ ways }: WaysProps) {
  useTitle(t`Welcome`)
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  return (
    <section className="account-page narrow">
      <h1>
        <Trans>Welcome to Nightjar</Trans>
      </h1>
      <p>
        <Trans>
          This Nightjar can be reached from other devices, so it wants to know who comes in. Make the first
          account now: it may do everything, and lets others in.
        </Trans>
      </p>
      <ProviderTrouble />
      <AccountForm
        label={t`First account`}
        action={t`Make the account`}
        onSend={async () => enterAs((await accountApi.setUp({ code: code.trim(), name, password })).person)}
      >
        <Field
          label={t`Code`}
          hint={t`It stands in the log of the server, where it was started: only who runs it can read that.`}
          required
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={100}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <NameField value={name} onChange={setName} />
        <NewPassword value={password} onChange={setPassword} />
      </AccountForm>
      {ways.provider !== null && (
        <>
          <p className="soft">
            <Trans>An admin of {ways.provider} can come in without the code.</Trans>
          </p>
          <ProviderButton name={ways.provider} />
        </>
      )}
    </section>
  )
}

function SignIn({ ways }: WaysProps) {
  useTitle(t`Sign in`)
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  return (
    <section className="account-page narrow">
      <h1>
        <Trans>Sign in</Trans>
      </h1>
      <ProviderTrouble />
      {ways.provider !== null && <ProviderButton name={ways.provider} />}
      {ways.password && (
        <AccountForm
          label={t`Sign in`}
          action={t`Sign in`}
          onSend={async () => enterAs((await accountApi.signIn({ name, password })).person, afterSignIn())}
        >
          <NameField value={name} onChange={setName} />
          <Field
            label={t`Password`}
            type="password"
            autoComplete="current-password"
            required
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </AccountForm>
      )}
      <p className="soft">
        <Trans>
          No account yet, or the password forgotten? Whoever runs this Nightjar can send you a link.
        </Trans>
      </p>
    </section>
  )
}

/** Where somebody wanted to go; the address of a failed try leads to the shelf. */
function afterSignIn(): string {
  const here = location.pathname + location.search
  return location.pathname === `${base}/sign-in` ? `${base}/` : here
}

interface NameFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function NameField({ value, onChange }: NameFieldProps) {
  return (
    <Field
      label={t`Name`}
      required
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={100}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
