import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { figure, partOf } from '../element/figure-words.ts'
import { Loading, PageTrouble, Quiet } from '../element/page-state.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { gather, noMarks } from '../element/ribbon-model.ts'
import { generationWords, ribbonWords } from '../element/status-words.ts'
import { ago, lengthWords, timeLeft } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { useTitle } from '../element/use-title.ts'
import { soundKey } from '../keys.ts'
import { useAllMarks } from '../live/live.tsx'
import { isOver, leadsNowhere, useProgress } from '../queries.ts'
import { aheadReadyWords, aheadWords, workWords } from './ahead-words.ts'
import { FailedSegments } from './failed-segments.tsx'
import { GenerationChapters } from './generation-chapters.tsx'
import { GenerationControls } from './generation-controls.tsx'
import { ticksOfChapter } from './ticks-of-chapter.ts'
import { saidWords } from '../i18n/said-words.ts'
import { WaitingWords } from './waiting-words.tsx'
import { Announced } from '../element/told.tsx'
import { useVoiceName } from '../voices/use-voice-name.ts'
import './generation.css'

export function GenerationPage({ id }: { readonly id: string }) {
  const progress = useProgress(id)
  useTitle(progress.data && `${titleFigures(progress.data)} · ${progress.data.novelTitle}`)
  if (progress.isPending) return <Loading words={t`Looking how far it is…`} />
  if (progress.data) return <GenerationView progress={progress.data} />
  const { error } = progress
  if (!leadsNowhere(error))
    return (
      <PageTrouble title={t`What is being spoken`} error={error} onRetry={() => void progress.refetch()} />
    )
  return (
    <Quiet title={t`Nothing is known of this work`}>
      <p>{error.message}</p>
      <p>
        <Link href="/queue">
          <Trans>To the queue</Trans>
        </Link>{' '}
        ·{' '}
        <Link href="/">
          <Trans>To the shelf</Trans>
        </Link>
      </p>
    </Quiet>
  )
}

function tenthWords({ status, percent }: Progress): string {
  const words = generationWords(status)
  const tenths = Math.floor(percent / 10) * 10
  return t`${words}, ${tenths} percent.`
}

function GenerationView({ progress }: { readonly progress: Progress }) {
  const reader = useVoiceName(progress.voice) ?? progress.voice
  const over = isOver(progress)
  const figures = titleFigures(progress)
  const now = useNow()
  return (
    <div className="generation">
      <p className="generation-novel">
        <Link href={`/novels/${progress.novelId}`}>{progress.novelTitle}</Link>
        <span className="soft">
          {' · '}
          {progress.speed === 1
            ? t`read by ${reader}`
            : t`read by ${reader}, speed ${figure(progress.speed)}`}
        </span>
      </p>
      <h1>{workWords(progress)}</h1>
      {progress.ahead && <p className="soft">{aheadWords(progress.ahead.chapters)}</p>}
      <BigRibbon progress={progress} />
      <dl className="generation-figures">
        <div className="generation-percent">
          <dt className="unseen">
            <Trans>Done</Trans>
          </dt>
          <dd>
            {progress.ahead ? partOf(progress.ahead.ready, progress.ahead.planned) : percentWords(progress)}
          </dd>
        </div>
        <div>
          <dt>
            <Trans>Sentences</Trans>
          </dt>
          <dd>{partOf(progress.segmentsDone, progress.segmentsTotal)}</dd>
        </div>
        <div>
          <dt>
            <Trans>To hear</Trans>
          </dt>
          <dd>{progress.secondsDone === 0 ? t`Nothing yet` : lengthWords(progress.secondsDone)}</dd>
        </div>
        {!over && (
          <>
            <div>
              <dt>
                <Trans>Speed</Trans>
              </dt>
              <dd>{paceWords(progress)}</dd>
            </div>
            <div>
              <dt>
                <Trans>Still to do</Trans>
              </dt>
              <dd>{progress.status === 'running' ? timeLeft(progress.etaSeconds) : t`All the rest`}</dd>
            </div>
          </>
        )}
        {progress.completedAt && (
          <div>
            <dt>
              <Trans>Finished</Trans>
            </dt>
            <dd>{ago(Date.parse(progress.completedAt), now)}</dd>
          </div>
        )}
      </dl>
      {/* Said in steps of ten percent, so that a listener is not talked over. */}
      <Announced words={progress.ahead ? figures : tenthWords(progress)} />
      {progress.waiting && (
        <p className="generation-waiting">
          <WaitingWords waiting={progress.waiting} said={progress.waitingSaid} voice={progress.voice} />
        </p>
      )}
      {progress.errorMessage && progress.failedSegments.length === 0 && (
        <p className="generation-waiting">{saidWords(progress.errorMessage, progress.errorSaid)}</p>
      )}
      <GenerationControls progress={progress} />
      {!over && (
        <p className="figures">
          {progress.status === 'paused'
            ? t`You can close this page. The work rests until you let it go on; this address finds it again.`
            : t`You can close this page. The work goes on, and this address finds it again.`}
        </p>
      )}
      <FailedSegments progress={progress} />
      <GenerationChapters progress={progress} />
    </div>
  )
}

function paceWords({ realTimeFactor: factor, status }: Progress): string {
  if (factor === null || status !== 'running') return t`At rest`
  return t`× ${figure(factor, factor < 10 ? 1 : 0)} real time`
}

/** All segments of all chapters in one ribbon. */
function BigRibbon({ progress }: { readonly progress: Progress }) {
  const all = useAllMarks()
  const { novelId, voice, speed, chapters, failedSegments } = progress
  const ticks = useMemo(() => {
    const aside = Map.groupBy(failedSegments, (segment) => segment.chapterNumber)
    const whole = chapters.flatMap((chapter) => {
      const { chapterNumber } = chapter
      const live = all.get(soundKey({ novelId, chapterNumber, voice, speed })) ?? noMarks
      return ticksOfChapter(chapter, live, aside.get(chapterNumber))
    })
    return gather(whole, 1000)
  }, [all, novelId, voice, speed, chapters, failedSegments])
  return (
    <div className="generation-ribbon">
      <Ribbon
        ticks={ticks}
        height={64}
        slot={14}
        label={ribbonWords(progress.segmentsDone, progress.segmentsTotal)}
      />
    </div>
  )
}

/** How far it is; what keeps ahead is never told as a part of the book. */
function titleFigures(progress: Progress): string {
  return progress.ahead ? aheadReadyWords(progress.ahead) : percentWords(progress)
}

function percentWords({ status, percent }: Progress): string {
  return `${status === 'completed' ? 100 : Math.floor(percent)} %`
}
