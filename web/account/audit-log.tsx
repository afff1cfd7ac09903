import { i18n } from '@lingui/core'
import { Trans } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { accountApi, type AuditEntry, auditPage } from './account-api.ts'
import { actionWords } from './role-words.ts'

/** What was done to accounts, and by admins, the newest first. */
export function AuditLog() {
  const log = useInfiniteQuery({
    queryKey: keys.audit,
    queryFn: ({ pageParam, signal }) => accountApi.audit(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: AuditEntry[]) => (last.length < auditPage ? undefined : last.at(-1)?.id),
  })
  const time = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'short', timeStyle: 'short' })
  return (
    <section aria-labelledby="audit-title">
      <h2 id="audit-title">
        <Trans>What was done</Trans>
      </h2>
      {log.isError && <Trouble error={log.error} onRetry={() => void log.refetch()} />}
      <ul className="audit-log">
        {log.data?.pages.flat().map(({ id, at, personName, action, subject, address }) => (
          <li key={id}>
            <time dateTime={at} className="figures">
              {time.format(new Date(at))}
            </time>
            <span>
              {personName} {actionWords(action)}
              {subject !== '' && `: ${subject}`}
            </span>
            <span className="figures">{address}</span>
          </li>
        ))}
      </ul>
      {log.hasNextPage && (
        <PushButton className="button" idle={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          <Trans>Show earlier ones</Trans>
        </PushButton>
      )}
    </section>
  )
}
