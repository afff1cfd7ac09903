import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { ProgressBrief } from '../../src/http/contract/generation-contract.ts'
import { Loading, PageTrouble, Quiet } from '../element/page-state.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { noMarks, ticksOfCount } from '../element/ribbon-model.ts'
import { ribbonWords } from '../element/status-words.ts'
import { ago, lengthWords, timeLeft } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { useTitle } from '../element/use-title.ts'
import { useQueue } from '../queries.ts'
import { saidWords } from '../i18n/said-words.ts'
import { aheadReadyWords, aheadWords, workWords } from './ahead-words.ts'
import { worksInOrder } from './order-of-queue.ts'
import { QueueList } from './queue-list.tsx'
import { WaitingWords } from './waiting-words.tsx'
import './generation.css'

export function QueuePage() {
  useTitle(t`Queue`)
  const queue = useQueue()
  if (queue.isPending) return <Loading words={t`Looking what is under way…`} />
  if (!queue.data)
    return <PageTrouble title={t`Queue`} error={queue.error} onRetry={() => void queue.refetch()} />
  const { running, waiting, finished, waitingReason, waitingReasonSaid, speakers } = queue.data
  // One reason for all, a full disk say, is said once; else each work says its own.
  const reasons = new Set([...running, ...waiting].map((work) => work.waiting))
  const common = reasons.size <= 1 && running.length + waiting.length > 1 ? waitingReason : null
  const works = worksInOrder(queue.data)
  const title =
    running.length > 0
      ? t`Being spoken by ${plural(speakers, { one: '# speaker', other: '# speakers' })}`
      : t`Waiting`
  if (running.length + waiting.length + finished.length === 0)
    return (
      <Quiet title={t`Nothing to do`}>
        <p>
          <Trans>
            Choose a book on <Link href="/">your shelf</Link> and let it be spoken. What is under way is
            listed here.
          </Trans>
        </p>
      </Quiet>
    )
  return (
    <div className="queue">
      <h1>
        <Trans>Queue</Trans>
      </h1>
      {common && <p className="generation-waiting">{saidWords(common, waitingReasonSaid)}</p>}
      {works.length > 0 && (
        <section>
          <h2>{title}</h2>
          <QueueList label={title} works={works}>
            {(work) => (
              <>
                <Work work={work} />
                {common === null && work.waiting && (
                  <p className="generation-waiting">
                    <WaitingWords waiting={work.waiting} said={work.waitingSaid} voice={work.voice} />
                  </p>
                )}
              </>
            )}
          </QueueList>
        </section>
      )}
      <Finished works={finished} />
    </div>
  )
}

function Finished({ works }: { readonly works: readonly ProgressBrief[] }) {
  if (works.length === 0) return null
  return (
    <section>
      <h2>
        <Trans>Finished lately</Trans>
      </h2>
      <ul className="works">
        {works.map((work) => (
          <li key={work.id}>
            <Work work={work} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Work({ work }: { readonly work: ProgressBrief }) {
  const now = useNow()
  // A book's ribbon can have tens of thousands of segments; a hundred ticks tell a share as well.
  const total = Math.min(100, work.segmentsTotal)
  const done = Math.floor((work.segmentsDone / Math.max(1, work.segmentsTotal)) * total)
  return (
    <>
      <div className="work-head">
        <Link href={`/generations/${work.id}`}>{work.novelTitle}</Link>
        <span className="figures">
          {workWords(work)} · {workFigures(work, now)}
        </span>
      </div>
      <Ribbon
        ticks={ticksOfCount(total, done, noMarks, work.status === 'failed')}
        height={16}
        slot={12}
        label={ribbonWords(work.segmentsDone, work.segmentsTotal)}
      />
    </>
  )
}

function workFigures(work: ProgressBrief, now: number): string {
  if (work.ahead) return `${aheadWords(work.ahead.chapters)} · ${aheadReadyWords(work.ahead)}`
  if (work.completedAt)
    return t`${lengthWords(work.secondsDone)} to hear · ${ago(Date.parse(work.completedAt), now)}`
  const share = t`${Math.floor(work.percent)} % of ${plural(work.segmentsTotal, { one: '# sentence', other: '# sentences' })}`
  return work.status === 'running' ? `${share} · ${timeLeft(work.etaSeconds).toLowerCase()}` : share
}
