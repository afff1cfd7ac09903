import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { OpdsFetchView } from '../../src/http/contract/opds-source-contract.ts'
import { failureSentence } from '../answer-error.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { partWords, sizeWords } from '../element/size-words.ts'
import { Announced } from '../element/told.tsx'
import { keys } from '../keys.ts'
import { catalogueApi, useFetches } from './catalogue-api.ts'

/** What became of the books that were asked for. */
export function FetchedBooks() {
  const fetches = useFetches()
  const client = useQueryClient()
  const renew = () =>
    Promise.all([keys.opdsFetches, keys.novels].map((queryKey) => client.invalidateQueries({ queryKey })))
  const act = useMutation({
    mutationFn: ({ id, verb }: { readonly id: string; readonly verb: 'retry' | 'forget' }) =>
      catalogueApi[verb](id),
    onSuccess: renew,
  })
  if (fetches.isError) return <Trouble error={fetches.error} onRetry={() => void fetches.refetch()} />
  if (fetches.data === undefined || fetches.data.length === 0) return null
  return (
    <section aria-labelledby="fetched-title" className="catalogue-fetched">
      <h2 id="fetched-title">
        <Trans>Fetched books</Trans>
      </h2>
      <ul className="setting-lines">
        {fetches.data.map((fetch) => (
          <FetchLine
            key={fetch.id}
            fetch={fetch}
            idle={act.isPending}
            onAct={(verb) => act.mutate({ id: fetch.id, verb })}
          />
        ))}
      </ul>
      {act.isError && <Trouble error={act.error} />}
    </section>
  )
}

interface FetchLineProps {
  readonly fetch: OpdsFetchView
  readonly idle: boolean
  readonly onAct: (verb: 'retry' | 'forget') => void
}

function FetchLine({ fetch, idle, onAct }: FetchLineProps) {
  const { title, state, outcome, novelId, novelTitle, trouble } = fetch
  return (
    <li className="setting-line" data-off={state !== 'imported' || undefined}>
      <h3>{novelId === null ? title : <Link href={`/novels/${novelId}`}>{novelTitle}</Link>}</h3>
      <p className="figures">{state === 'waiting' ? partOf(fetch) : outcomeWords(fetch)}</p>
      <Announced words={state === 'imported' && outcome !== null && t`${title} is fetched.`} />
      {trouble !== null && <p className="setting-fault">{failureSentence(trouble)}</p>}
      {state !== 'imported' && (
        <div className="setting-acts">
          {state === 'failed' && (
            <PushButton className="button small" idle={idle} onClick={() => onAct('retry')}>
              <Trans>Try again</Trans>
              <span className="unseen"> {title}</span>
            </PushButton>
          )}
          <PushButton className="button small" idle={idle} onClick={() => onAct('forget')}>
            {state === 'failed' ? <Trans>Forget it</Trans> : <Trans>Leave it</Trans>}
            <span className="unseen"> {title}</span>
          </PushButton>
        </div>
      )}
    </li>
  )
}

function partOf({ bytesDone, bytes }: OpdsFetchView): string {
  if (bytesDone === null) return t`It waits.`
  return bytes === null ? sizeWords(bytesDone) : partWords(Math.min(bytesDone, bytes), bytes)
}

function outcomeWords({ state, outcome, novelId }: OpdsFetchView): string {
  if (state === 'failed') return t`It could not be fetched.`
  if (novelId === null) return t`Imported; its book has been deleted since.`
  if (outcome === 'version') return t`Another version of a book on the shelf: its page shows what changed.`
  return outcome === 'present' ? t`It was on the shelf already.` : t`Now on the shelf.`
}
