import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { accountApi, type MadeLink, renewPeople, type Role, useInvitations } from './account-api.ts'
import { AccountForm } from './account-form.tsx'
import { Field } from './field.tsx'
import { linkGoodUntil } from './link-words.ts'
import { roleMay, roleName, roles } from './role-words.ts'

/** Links with which somebody gets an account of their own. */
export function Invitations({ onLink }: { readonly onLink: (link: MadeLink) => void }) {
  const invitations = useInvitations()
  const client = useQueryClient()
  const [role, setRole] = useState<Role>('listener')
  const [name, setName] = useState('')
  const renew = () => renewPeople(client)
  const back = useMutation({ mutationFn: accountApi.takeBack, onSettled: renew })
  return (
    <section aria-labelledby="invite-title">
      <h2 id="invite-title">
        <Trans>Invite somebody</Trans>
      </h2>
      <AccountForm
        label={t`Invite somebody`}
        action={t`Make a link`}
        onSend={async () => {
          onLink(await accountApi.invite(role, name.trim()))
          setName('')
          await renew()
        }}
      >
        <Field
          label={t`Name, as a proposal (may be left empty)`}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset>
          <legend>
            <Trans>They come in as</Trans>
          </legend>
          {roles.map((each) => (
            <label key={each} className="setting-switch">
              <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
              <span>
                {roleName(each)} <span className="figures">{roleMay(each)}</span>
              </span>
            </label>
          ))}
        </fieldset>
      </AccountForm>
      {invitations.isError && (
        <Trouble error={invitations.error} onRetry={() => void invitations.refetch()} />
      )}
      {invitations.data !== undefined && invitations.data.length > 0 && (
        <>
          <h3>
            <Trans>Not followed yet</Trans>
          </h3>
          <ul className="setting-lines">
            {invitations.data.map((invitation) => (
              <li key={invitation.id} className="setting-line" data-off>
                <p>
                  {invitation.name || t`Somebody`} · {roleName(invitation.role)}
                </p>
                <p className="figures">{linkGoodUntil(invitation.expiresAt)}</p>
                <div className="setting-acts">
                  <PushButton
                    className="button small"
                    idle={back.isPending}
                    onClick={() => back.mutate(invitation.id)}
                  >
                    <Trans>Take it back</Trans>
                    <span className="unseen"> {invitation.name}</span>
                  </PushButton>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {back.isError && <Trouble error={back.error} />}
    </section>
  )
}
