import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { SecretOnce } from '../element/secret-once.tsx'
import { ago } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { keys } from '../keys.ts'
import { type AccountToken, accountApi, type Role, type TokenScope, useTokens } from './account-api.ts'
import { AccountForm } from './account-form.tsx'
import { Field } from './field.tsx'
import { scopeWords } from './role-words.ts'

/** What each role may give on to a program. */
const grantable: Readonly<Record<Role, readonly TokenScope[]>> = {
  listener: ['read', 'listen'],
  editor: ['read', 'listen', 'edit'],
  admin: ['read', 'listen', 'edit', 'speak', 'admin'],
}

/** Programs that come in a person's name: podcast apps, readers, scripts, speaker machines. */
export function Tokens({ role }: { readonly role: Role }) {
  const tokens = useTokens()
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string>()
  const good = tokens.data?.filter(({ revokedAt }) => revokedAt === null) ?? []
  return (
    <section aria-labelledby="tokens-title">
      <h2 id="tokens-title">
        <Trans>Tokens for programs</Trans>
      </h2>
      <p className="soft">
        <Trans>
          A podcast app, a reader or a script comes in with a token instead of your password: where it asks
          for one, the token is the password, with any name.
        </Trans>
      </p>
      {tokens.isError && <Trouble error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {secret !== undefined && (
        <SecretOnce label={t`The token`} secret={secret} onTaken={() => setSecret(undefined)}>
          <Trans>It is shown this once. Give it to the program now.</Trans>
        </SecretOnce>
      )}
      <ul className="setting-lines">
        {good.map((token) => (
          <TokenLine key={token.id} token={token} />
        ))}
      </ul>
      {adding ? (
        <TokenForm
          scopes={grantable[role]}
          onDone={(made) => {
            setAdding(false)
            if (made === undefined) return
            setSecret(made)
            void client.invalidateQueries({ queryKey: keys.tokens })
          }}
        />
      ) : (
        <button type="button" className="button" onClick={() => setAdding(true)}>
          <Trans>Make a token</Trans>
        </button>
      )}
    </section>
  )
}

function TokenLine({ token }: { readonly token: AccountToken }) {
  const { id, name, scopes, lastUsedAt } = token
  const client = useQueryClient()
  const now = useNow()
  return (
    <li className="setting-line">
      <h3>{name}</h3>
      <p className="figures">
        {lastUsedAt === null ? t`Never used` : t`Used ${ago(Date.parse(lastUsedAt), now)}`} ·{' '}
        {scopes.map(scopeWords).join(' · ')}
      </p>
      <div className="setting-acts">
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>Revoke</Trans>
              <span className="unseen"> {name}</span>
            </Button>
          }
          title={t`Revoke the token “${name}”?`}
          action={t`Revoke it`}
          onConfirm={async () => {
            await accountApi.revokeToken(id)
            await client.invalidateQueries({ queryKey: keys.tokens })
          }}
        >
          <p>
            <Trans>Programs that use it are shut out at once. It cannot be brought back.</Trans>
          </p>
        </Confirm>
      </div>
    </li>
  )
}

interface TokenFormProps {
  readonly scopes: readonly TokenScope[]
  /** Gets the secret, or nothing if it was left. */
  readonly onDone: (secret?: string) => void
}

function TokenForm({ scopes, onDone }: TokenFormProps) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<TokenScope>>(new Set(['listen']))
  return (
    <AccountForm
      label={t`Make a token`}
      action={t`Make it`}
      idle={name.trim() === '' || chosen.size === 0}
      onLeave={() => onDone()}
      onSend={async () => {
        const wanted = scopes.filter((scope) => chosen.has(scope))
        onDone((await accountApi.makeToken(name.trim(), wanted)).secret)
      }}
    >
      <Field
        label={t`What it is for`}
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset>
        <legend>
          <Trans>It may</Trans>
        </legend>
        {scopes.map((scope) => (
          <label key={scope} className="setting-switch">
            <input
              type="checkbox"
              checked={chosen.has(scope)}
              onChange={({ target }) => setChosen(toggled(chosen, scope, target.checked))}
            />
            <span>{scopeWords(scope)}</span>
          </label>
        ))}
      </fieldset>
    </AccountForm>
  )
}

function toggled(of: ReadonlySet<TokenScope>, scope: TokenScope, on: boolean): ReadonlySet<TokenScope> {
  const next = new Set(of)
  if (on) next.add(scope)
  else next.delete(scope)
  return next
}
