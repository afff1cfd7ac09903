import { Play } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { Cover } from '../element/cover.tsx'
import { Loading, Quiet, Trouble } from '../element/page-state.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfChapters } from '../element/ribbon-model.ts'
import { counted, lengthWords, percentOf } from '../element/time-words.ts'
import { useTitle } from '../element/use-title.ts'
import { NovelWork } from '../generation/novel-work.tsx'
import { useSpeakingChapters } from '../live/live.tsx'
import { hasSound } from '../player/chapter-order.ts'
import { usePlayer, usePlayerState } from '../player/player-context.ts'
import { leadsNowhere, useNovel } from '../queries.ts'
import { ChapterList } from './chapter-list.tsx'
import { ImportReport } from './import-report.tsx'
import { NovelHeading } from './novel-heading.tsx'
import { TakeWithYou } from './take-with-you.tsx'
import { VoiceChooser } from './voice-chooser.tsx'
import './novel.css'

export function NovelPage({ id }: { readonly id: string }) {
  const known = useNovel(id)
  useTitle(known.data?.novel.title)
  if (known.isPending) return <Loading words="Opening the book…" />
  if (leadsNowhere(known.error))
    return (
      <Quiet title="There is no such book">
        <p>{known.error.message}</p>
        <p>
          <Link href="/">To the shelf</Link>
        </p>
      </Quiet>
    )
  if (!known.data) return <Trouble error={known.error} onRetry={() => void known.refetch()} />
  const { novel, chapters } = known.data
  return (
    <div className="novel">
      <aside className="novel-aside" aria-label="About this book">
        <div className="novel-cover">
          <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
        </div>
        <div className="novel-aside-rest">
          <ListenButton novel={novel} chapters={chapters} />
          <VoiceChooser novel={novel} />
          <TakeWithYou novel={novel} chapters={chapters} />
        </div>
      </aside>
      <div className="novel-main">
        <NovelHeading novel={novel} />
        <NovelRibbon novel={novel} chapters={chapters} />
        <NovelWork novelId={id} />
        <ChapterList novel={novel} chapters={chapters} />
        <details className="novel-report">
          <summary>How this book was read</summary>
          <ImportReport report={novel.report} />
        </details>
      </div>
    </div>
  )
}

interface NovelProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

function NovelRibbon({ novel, chapters }: NovelProps) {
  const speaking = useSpeakingChapters(novel)
  const narrated = useMemo(() => chapters.filter((chapter) => chapter.narrated), [chapters])
  const ticks = useMemo(
    () =>
      ticksOfChapters(narrated.map((chapter) => ({ ...chapter, speaking: speaking.has(chapter.number) }))),
    [narrated, speaking],
  )
  const done = narrated.filter((chapter) => chapter.status === 'completed').length
  return (
    <div className="novel-ribbon">
      <Ribbon
        ticks={ticks}
        height={28}
        slot={20}
        label={`${done} of ${counted(narrated.length, 'chapter')} spoken`}
      />
      <p className="figures">
        {done} of {counted(narrated.length, 'chapter')} spoken
        {novel.segmentsDone > 0 && (
          <>
            {' '}
            · {percentOf(novel.segmentsDone, novel.segmentsTotal)} % · {lengthWords(novel.seconds)} to hear
          </>
        )}
      </p>
    </div>
  )
}

function ListenButton({ novel, chapters }: NovelProps) {
  const player = usePlayer()
  const isPlaying = usePlayerState((state) => state.novel?.id === novel.id)
  const first = chapters.find((chapter) => chapter.narrated && hasSound(chapter))
  const number = (novel.segmentsDone > 0 && novel.position?.chapterNumber) || first?.number
  if (isPlaying || number === undefined) return null
  return (
    <button type="button" className="button main listen" onClick={() => void player.play(novel, number)}>
      <Play size={18} aria-hidden="true" />
      {number === novel.position?.chapterNumber ? `Go on with chapter ${number}` : 'Listen'}
    </button>
  )
}
