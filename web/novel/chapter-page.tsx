import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowLeft, ArrowRight, Pause, Play } from 'lucide-react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import type { Chapter, Novel } from '../../src/http/contract.ts'
import { api } from '../api.ts'
import { Loading, Quiet, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfSegments } from '../element/ribbon-model.ts'
import { chapterWords, ribbonWords } from '../element/status-words.ts'
import { TextSizeChoice, useTextSize } from '../element/text-size.tsx'
import { useTitle } from '../element/use-title.ts'
import { keys, soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { hasSound } from '../player/chapter-order.ts'
import { useHeard, usePlayer } from '../player/player-context.ts'
import { leadsNowhere, useChapter, useNovel } from '../queries.ts'
import { BookText } from './book-text.tsx'
import { opensWithTitle } from './chapter-text.ts'
import { leftOutWords } from './left-out.ts'
import './chapter-page.css'

export function ChapterPage({ id, number }: { readonly id: string; readonly number: number }) {
  const novel = useNovel(id)
  const chapter = useChapter(id, number)
  useTitle(chapter.data && `${chapter.data.title || `Chapter ${number}`} · ${novel.data?.novel.title ?? ''}`)
  const problem = novel.error ?? chapter.error
  if (leadsNowhere(problem))
    return (
      <Quiet title="There is no such chapter">
        <p>{problem.message}</p>
        <p>
          {novel.data && (
            <>
              <Link href={`/novels/${id}`}>To the book</Link> ·{' '}
            </>
          )}
          <Link href="/">To the shelf</Link>
        </p>
      </Quiet>
    )
  if (chapter.data && novel.data)
    return <ChapterView novel={novel.data.novel} chapter={chapter.data} last={novel.data.chapters.length} />
  if (!problem) return <Loading words="Opening the chapter…" />
  return <Trouble error={problem} onRetry={() => void Promise.all([novel.refetch(), chapter.refetch()])} />
}

interface ChapterViewProps {
  readonly novel: Novel
  readonly chapter: Chapter
  readonly last: number
}

function ChapterView({ novel, chapter, last }: ChapterViewProps) {
  const [size, setSize] = useTextSize()
  const { number, segments } = chapter
  const sound = { novelId: novel.id, chapterNumber: number, voice: chapter.voice ?? '', speed: chapter.speed }
  const marks = useMarks(soundKey(sound))
  const ticks = useMemo(() => ticksOfSegments(segments, marks), [segments, marks])
  const done = segments.filter((segment) => segment.ready).length
  const leftOut = leftOutWords(
    Object.fromEntries(
      [...Map.groupBy(chapter.skips, (skip) => skip.reason)].map(([reason, all]) => [reason, all.length]),
    ),
  )
  return (
    <article className="chapter">
      <header className="chapter-head">
        <p>
          <Link href={`/novels/${novel.id}`} lang={novel.language}>
            {novel.title}
          </Link>
          {chapter.part && <span className="soft"> · {chapter.part}</span>}
        </p>
        <h1 lang={novel.language} className={opensWithTitle(chapter) ? 'unseen' : undefined}>
          {chapter.title || `Chapter ${number}`}
        </h1>
        <Ribbon ticks={ticks} height={20} slot={6} label={ribbonWords(done, segments.length)} />
        <div className="chapter-tools">
          {hasSound({ ...chapter, segmentsDone: done }) && <Listen novel={novel} number={number} />}
          {done < segments.length && <Speak novelId={novel.id} chapter={chapter} />}
          <span className="figures">{chapterWords(chapter)}</span>
          <TextSizeChoice size={size} onSize={setSize} />
        </div>
      </header>
      <BookText novel={novel} chapter={chapter} size={size} />
      {leftOut && <p className="figures chapter-left-out">Not spoken here: {leftOut}.</p>}
      <nav className="chapter-turn" aria-label="Chapters">
        {number > 1 && (
          <Link href={`/novels/${novel.id}/chapters/${number - 1}`} className="button">
            <ArrowLeft size={18} aria-hidden="true" /> Chapter {number - 1}
          </Link>
        )}
        {number < last && (
          <Link href={`/novels/${novel.id}/chapters/${number + 1}`} className="button">
            Chapter {number + 1} <ArrowRight size={18} aria-hidden="true" />
          </Link>
        )}
      </nav>
    </article>
  )
}

function Listen({ novel, number }: { readonly novel: Novel; readonly number: number }) {
  const player = usePlayer()
  const heard = useHeard(novel.id, number)
  return heard === 'playing' ? (
    <button type="button" className="button main" onClick={() => player.pause()}>
      <Pause size={18} aria-hidden="true" /> Pause
    </button>
  ) : (
    <button type="button" className="button main" onClick={() => void player.play(novel, number)}>
      <Play size={18} aria-hidden="true" /> {heard ? 'Go on' : 'Listen'}
    </button>
  )
}

function Speak({ novelId, chapter }: { readonly novelId: string; readonly chapter: Chapter }) {
  const client = useQueryClient()
  const ask = useMutation({
    mutationFn: () => api.generateChapter({ novelId, chapterNumber: chapter.number, priority: 10 }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.chapter(novelId, chapter.number) }),
  })
  if (chapter.status === 'pending' || chapter.status === 'running') return null
  return (
    <>
      <PushButton className="button" idle={ask.isPending} onClick={() => ask.mutate()}>
        {chapter.segmentsDone > 0 ? 'Speak the rest' : 'Speak this chapter'}
      </PushButton>
      {ask.isError && <Trouble error={ask.error} />}
    </>
  )
}
