import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { base } from '../base.ts'
import { Loading, PageTrouble, Quiet } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { type AccountLink, accountApi } from './account-api.ts'
import { AccountForm } from './account-form.tsx'
import { useAccount } from './account-state.ts'
import { enterAs } from './enter.ts'
import { NewPassword } from './password-fields.tsx'
import { roleMay } from './role-words.ts'
import { NameField } from './welcome-page.tsx'
import '../settings/settings.css'
import './account.css'

/**
 * Where a link leads that an admin has handed over. Its secret stands behind `#`, which no browser sends: it is in no log
 * and no `Referer`.
 */
export function JoinPage() {
  const [secret] = useState(() => location.hash.slice(1))
  const account = useAccount()
  const link = useQuery({
    queryKey: keys.accountLink(secret),
    queryFn: () => accountApi.lookAt(secret),
    enabled: secret !== '',
    retry: false,
    staleTime: Infinity,
  })
  useTitle(t`Welcome`)
  if (secret === '')
    return (
      <Quiet title={t`This link is not whole`}>
        <p>
          <Trans>
            Open it again from where you got it, to its very end. <Link href="/">Or go to the shelf.</Link>
          </Trans>
        </p>
      </Quiet>
    )
  if (link.isError)
    return <PageTrouble title={t`This link`} error={link.error} onRetry={() => void link.refetch()} />
  if (!link.data) return <Loading words={t`Looking at your link…`} />
  return <Join secret={secret} link={link.data} signedInAs={account?.person?.name} />
}

interface JoinProps {
  readonly secret: string
  readonly link: AccountLink
  readonly signedInAs: string | undefined
}

function Join({ secret, link, signedInAs }: JoinProps) {
  const [name, setName] = useState(link.name)
  const [password, setPassword] = useState('')
  const isNew = link.kind === 'invite'
  return (
    <section className="account-page narrow">
      <h1>{isNew ? t`You are invited` : t`A new password for ${link.name}`}</h1>
      {isNew && (
        <p>
          <Trans>Choose a name and a password, and come in. {roleMay(link.role)}</Trans>
        </p>
      )}
      {signedInAs !== undefined && (
        <p className="soft">
          <Trans>This browser is signed in as {signedInAs}, and will be signed in by this link then.</Trans>
        </p>
      )}
      <AccountForm
        label={isNew ? t`New account` : t`New password`}
        action={isNew ? t`Come in` : t`Set the password`}
        onSend={async () => {
          const wishes = { secret, password, ...(isNew && { name }) }
          await enterAs((await accountApi.follow(wishes)).person, `${base}/`)
        }}
      >
        {isNew && <NameField value={name} onChange={setName} />}
        <NewPassword value={password} onChange={setPassword} />
      </AccountForm>
    </section>
  )
}
