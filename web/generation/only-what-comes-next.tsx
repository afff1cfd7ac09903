import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { KeptAheadView } from '../../src/http/contract/ahead-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { addresses, get, send } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'
import { PlanLine } from '../plan/plan-line.tsx'
import { useQueue } from '../queries.ts'
import { aheadReadyWords, aheadWords } from './ahead-words.ts'
import { WaitingWords } from './waiting-words.tsx'
import './only-what-comes-next.css'

const [usual, most] = [20, 500]

const addressOf = (novelId: string) => `${addresses.novels}/${novelId}/ahead`

type Change = { readonly chapters?: number; readonly paused?: boolean } | 'stop'

/** *Only what comes next*: so many chapters ahead of the listener, as long as he goes on; or how that stands. */
export function OnlyWhatComesNext({ novel }: { readonly novel: Novel }) {
  const client = useQueryClient()
  // Until it is known nothing is kept ahead, so that nothing moves for the most.
  const { data: kept = null } = useQuery({
    queryKey: keys.ahead(novel.id),
    queryFn: ({ signal }) =>
      get<{ ahead: KeptAheadView | null }>(addressOf(novel.id), signal).then((answer) => answer.ahead),
    refetchInterval: usePolling(),
  })
  const change = useMutation({
    mutationFn: (wish: Change) =>
      wish === 'stop' ? send('DELETE', addressOf(novel.id)) : send('PUT', addressOf(novel.id), wish),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.ahead(novel.id) }),
        client.invalidateQueries({ queryKey: keys.queue }),
      ]),
  })
  return (
    <section className="ahead" aria-label={t`Only what comes next`}>
      {kept && <AheadState kept={kept} />}
      <details key={kept === null ? 'off' : 'on'} className="ahead-more">
        <summary>{kept ? t`Change or stop` : t`Only what comes next…`}</summary>
        <AheadForm
          novel={novel}
          kept={kept}
          busy={change.isPending}
          onChange={(wish) => change.mutate(wish)}
        />
      </details>
      {change.isError && <Trouble error={change.error} />}
    </section>
  )
}

function AheadState({ kept }: { readonly kept: KeptAheadView }) {
  const queue = useQueue()
  const live = [...(queue.data?.running ?? []), ...(queue.data?.waiting ?? [])]
  const progress = live.find(({ id }) => id === kept.progress.id) ?? kept.progress
  const { ahead, status, waiting, waitingSaid, voice } = progress
  return (
    <p className="ahead-state">
      <Link href={`/generations/${progress.id}`}>{aheadWords(kept.chapters)}</Link>
      <span className="figures">
        {ahead && ` · ${aheadReadyWords(ahead)}`}
        {status === 'paused' && ` · ${t`Paused`}`}
        {kept.toEnd && ` · ${t`to the end of the book`}`}
        {waiting && (
          <>
            {' · '}
            <WaitingWords waiting={waiting} said={waitingSaid} voice={voice} />
          </>
        )}
      </span>
    </p>
  )
}

interface AheadFormProps {
  readonly novel: Novel
  readonly kept: KeptAheadView | null
  readonly busy: boolean
  readonly onChange: (wish: Change) => void
}

function AheadForm({ novel, kept, busy, onChange }: AheadFormProps) {
  const [text, setText] = useState(String(kept?.chapters ?? usual))
  const chapters = Number(text)
  const valid = Number.isInteger(chapters) && chapters >= 1 && chapters <= most
  const paused = kept?.progress.status === 'paused'
  return (
    <form
      className="ahead-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (valid && !busy) onChange({ chapters })
      }}
    >
      <p className="soft">
        <Trans>
          The chapter you are in and so many after it are spoken, and more as you go on. Where you jump ahead,
          what was not spoken yet before it is left.
        </Trans>
      </p>
      <label className="ahead-number">
        <Trans>Chapters ahead</Trans>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {valid && <PlanLine novel={novel} wish={{ ahead: chapters }} />}
      <div className="ahead-actions">
        <PushButton className={kept ? 'button' : 'button main'} type="submit" idle={busy || !valid}>
          <Trans>
            Keep <Plural value={valid ? chapters : usual} one="# chapter" other="# chapters" /> ahead
          </Trans>
        </PushButton>
        {kept && (
          <>
            <PushButton className="button" idle={busy} onClick={() => onChange({ paused: !paused })}>
              {paused ? t`Go on` : t`Pause`}
            </PushButton>
            <PushButton className="button" idle={busy} onClick={() => onChange('stop')}>
              <Trans>Keep no more ahead</Trans>
            </PushButton>
          </>
        )}
      </div>
    </form>
  )
}
