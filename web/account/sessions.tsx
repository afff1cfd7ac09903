import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Loading, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { ago } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { keys } from '../keys.ts'
import { deviceName } from '../listener/device.ts'
import { type AccountSession, accountApi, useSessions } from './account-api.ts'

/** Where a person is signed in. */
export function Sessions() {
  const sessions = useSessions()
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: keys.sessions })
  const others = useMutation({ mutationFn: accountApi.endOtherSessions, onSuccess: renew })
  const end = useMutation({ mutationFn: accountApi.endSession, onSuccess: renew })
  return (
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">
        <Trans>Where you are signed in</Trans>
      </h2>
      {sessions.isError && <Trouble error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && <Loading words={t`One moment…`} />}
      <ul className="setting-lines">
        {sessions.data?.map((session) => (
          <li key={session.id} className="setting-line" data-off={session.current ? undefined : ''}>
            <SessionWords session={session} />
            {!session.current && (
              <div className="setting-acts">
                <PushButton
                  className="button small"
                  idle={end.isPending}
                  onClick={() => end.mutate(session.id)}
                >
                  <Trans>Sign out there</Trans>
                  <span className="unseen"> {deviceName(session.userAgent)}</span>
                </PushButton>
              </div>
            )}
          </li>
        ))}
      </ul>
      {(end.isError || others.isError) && <Trouble error={end.error ?? others.error} />}
      {sessions.data !== undefined && sessions.data.length > 1 && (
        <PushButton className="button" idle={others.isPending} onClick={() => others.mutate()}>
          <Trans>Sign out everywhere else</Trans>
        </PushButton>
      )}
    </section>
  )
}

function SessionWords({ session }: { readonly session: AccountSession }) {
  const { userAgent, address, lastUsedAt, current } = session
  const now = useNow()
  return (
    <>
      <h3>{deviceName(userAgent) || t`A program`}</h3>
      <p className="figures">
        {current ? t`This browser` : ago(Date.parse(lastUsedAt), now)} · {address}
      </p>
    </>
  )
}
