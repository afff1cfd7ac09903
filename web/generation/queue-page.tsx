import { Link } from 'wouter'
import type { ProgressBrief } from '../../src/http/contract.ts'
import { Loading, Quiet, Trouble } from '../element/page-state.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { noMarks, ticksOfCount } from '../element/ribbon-model.ts'
import { generationWords, ribbonWords } from '../element/status-words.ts'
import { ago, counted, lengthWords, timeLeft } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { useTitle } from '../element/use-title.ts'
import { useQueue } from '../queries.ts'
import './generation.css'

export function QueuePage() {
  useTitle('Queue')
  const queue = useQueue()
  if (queue.isPending) return <Loading words="Looking what is under way…" />
  if (!queue.data) return <Trouble error={queue.error} onRetry={() => void queue.refetch()} />
  const { running, waiting, finished, waitingReason, speakers } = queue.data
  if (running.length + waiting.length + finished.length === 0)
    return (
      <Quiet title="Nothing to do">
        <p>
          Choose a book on <Link href="/">your shelf</Link> and let it be spoken. What is under way is listed
          here.
        </p>
      </Quiet>
    )
  return (
    <div className="queue">
      <h1>Queue</h1>
      {waitingReason && <p className="generation-waiting">{waitingReason}</p>}
      <Works title={`Being spoken by ${counted(speakers, 'speaker')}`} works={running} />
      <Works title="Waiting" works={waiting} />
      <Works title="Finished lately" works={finished} />
    </div>
  )
}

function Works({ title, works }: { readonly title: string; readonly works: readonly ProgressBrief[] }) {
  if (works.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
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
          {generationWords(work.status)} · {workFigures(work, now)}
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
  if (work.completedAt)
    return `${lengthWords(work.secondsDone)} to hear · ${ago(Date.parse(work.completedAt), now)}`
  const share = `${Math.floor(work.percent)} % of ${counted(work.segmentsTotal, 'sentence')}`
  return work.status === 'running' ? `${share} · ${timeLeft(work.etaSeconds).toLowerCase()}` : share
}
