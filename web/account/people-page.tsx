import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { Loading, PageTrouble } from '../element/page-state.tsx'
import { SecretOnce } from '../element/secret-once.tsx'
import { useTitle } from '../element/use-title.ts'
import { type MadeLink, usePeople } from './account-api.ts'
import { useAccount } from './account-state.ts'
import { AuditLog } from './audit-log.tsx'
import { HouseRules } from './house-rules.tsx'
import { Invitations } from './invitations.tsx'
import { PersonLine } from './person-line.tsx'
import { linkGoodUntil } from './link-words.ts'
import '../settings/settings.css'
import './account.css'

/** Who may come in, and what they may do: for admins. */
export function PeoplePage() {
  useTitle(t`People`)
  const people = usePeople()
  const self = useAccount()?.person?.id
  const [made, setMade] = useState<MadeLink & { readonly for: string }>()
  if (people.isError && !people.data)
    return <PageTrouble title={t`People`} error={people.error} onRetry={() => void people.refetch()} />
  if (!people.data) return <Loading words={t`One moment…`} />
  return (
    <div className="settings account-page">
      <h1>
        <Trans>People</Trans>
      </h1>
      {made && (
        <SecretOnce label={made.for} secret={made.link} onTaken={() => setMade(undefined)}>
          {linkGoodUntil(made.expiresAt)}{' '}
          <Trans>It is shown this once, and good for one use: send it now.</Trans>
        </SecretOnce>
      )}
      <section aria-labelledby="people-title">
        <h2 id="people-title">
          <Trans>Who may come in</Trans>
        </h2>
        <ul className="setting-lines">
          {people.data.map((person) => (
            <PersonLine
              key={person.id}
              person={person}
              isSelf={person.id === self}
              onLink={(link) => setMade({ ...link, for: t`Link for ${person.name} to set a new password` })}
            />
          ))}
        </ul>
      </section>
      <Invitations onLink={(link) => setMade({ ...link, for: t`Invitation` })} />
      <HouseRules />
      <AuditLog />
    </div>
  )
}
