import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button } from 'react-aria-components/Button'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { ago } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { accountApi, type MadeLink, renewPeople, type Role, type SeenPerson } from './account-api.ts'
import { roleName, roles } from './role-words.ts'

interface PersonLineProps {
  readonly person: SeenPerson
  readonly isSelf: boolean
  readonly onLink: (link: MadeLink) => void
}

/** Somebody who may come in, or was shut out, and what an admin can do about it. */
export function PersonLine({ person, isSelf, onLink }: PersonLineProps) {
  const { id, name, role, disabledAt, lastSeenAt, novelsKept } = person
  const now = useNow()
  const client = useQueryClient()
  const renew = () => renewPeople(client)
  const change = useMutation({
    mutationFn: (wishes: { role?: Role; disabled?: boolean }) => accountApi.changePerson(id, wishes),
    onSettled: renew,
  })
  const reset = useMutation({
    mutationFn: () => accountApi.offerReset(id),
    onSuccess: onLink,
    onSettled: renew,
  })
  return (
    <li className="setting-line" data-off={disabledAt === null ? undefined : ''}>
      <h3>
        {name}
        {isSelf && <span className="figures"> · {t`you`}</span>}
      </h3>
      <p className="figures">
        {disabledAt !== null && `${t`Shut out`} · `}
        {lastSeenAt === null ? t`Not seen yet` : t`Seen ${ago(Date.parse(lastSeenAt), now)}`}
        {novelsKept > 0 &&
          ` · ${plural(novelsKept, { one: 'keeps # book to themselves', other: 'keeps # books to themselves' })}`}
      </p>
      <div className="setting-acts">
        <label>
          <span className="unseen">
            <Trans>What {name} may do</Trans>
          </span>
          <select
            value={role}
            disabled={change.isPending}
            onChange={({ target }) => change.mutate({ role: target.value as Role })}
          >
            {roles.map((each) => (
              <option key={each} value={each}>
                {roleName(each)}
              </option>
            ))}
          </select>
        </label>
        <PushButton className="button small" idle={reset.isPending} onClick={() => reset.mutate()}>
          <Trans>New password by link</Trans>
          <span className="unseen"> {name}</span>
        </PushButton>
        {!isSelf && (
          <PushButton
            className="button small"
            idle={change.isPending}
            onClick={() => change.mutate({ disabled: disabledAt === null })}
          >
            {disabledAt === null ? t`Shut out` : t`Let in again`}
            <span className="unseen"> {name}</span>
          </PushButton>
        )}
        {!isSelf && (
          <Confirm
            trigger={
              <Button className="button small">
                <Trans>Remove</Trans>
                <span className="unseen"> {name}</span>
              </Button>
            }
            title={t`Remove ${name}?`}
            action={t`Remove`}
            onConfirm={async () => {
              await accountApi.removePerson(id)
              await renew()
            }}
          >
            <p>
              <Trans>
                Their places, bookmarks, settings and tokens are deleted, and the books that they keep to
                themselves. All other books stay. This cannot be undone; to keep all of it, shut them out
                instead.
              </Trans>
            </p>
          </Confirm>
        )}
      </div>
      {(change.isError || reset.isError) && <Trouble error={change.error ?? reset.error} />}
    </li>
  )
}
