import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { Link } from 'wouter'
import type { Chapter, ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMayChange } from '../account/may-change.ts'
import { api } from '../api.ts'
import { chapterName, chapterNumbers } from '../element/chapter-names.ts'
import { Loading, PageTrouble, Quiet, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfSegments } from '../element/ribbon-model.ts'
import { chapterWords, heardWords, isSpeaking, ribbonWords } from '../element/status-words.ts'
import { useTitle } from '../element/use-title.ts'
import { keys, soundKey } from '../keys.ts'
import { MarkButton } from '../listener/mark-button.tsx'
import { leftWords, useTimeLeft } from '../listener/use-time-left.ts'
import { SentenceBookmark } from '../listener/sentence-bookmark.tsx'
import { MarkPlaceButton } from '../listener/mark-place-button.tsx'
import { useListenerSettings } from '../listener/use-settings.ts'
import { useMarks } from '../live/live.tsx'
import { KeepChapter } from '../offline/keep-controls.tsx'
import { canBeHeard } from '../player/chapter-order.ts'
import { ListenButton } from '../player/listen-button.tsx'
import { usePlayerState } from '../player/player-context.ts'
import { leadsNowhere, useChapter, useNovel } from '../queries.ts'
import { BackToVoice } from './back-to-voice.tsx'
import { BookText } from './book-text.tsx'
import { AaButton } from '../reading/aa-button.tsx'
import { readingStyle } from '../reading/reading-style.ts'
import { SearchButton } from '../reading/search-button.tsx'
import { WordLookup } from '../reading/word-lookup.tsx'
import { useWordMark } from '../reading/use-word-mark.ts'
import { opensWithTitle } from './chapter-text.ts'
import { leftOutWords } from './left-out.ts'
import { useFollow } from './use-follow.ts'
import { useTurn } from './use-turn.ts'
import './chapter-page.css'

export function ChapterPage({ id, number }: { readonly id: string; readonly number: number }) {
  const novel = useNovel(id)
  const chapter = useChapter(id, number)
  const chapters = novel.data?.chapters
  const numbers = useMemo(() => chapterNumbers(chapters ?? []), [chapters])
  useTitle(
    chapter.data && chapters && `${chapterName(chapter.data, numbers)} · ${novel.data?.novel.title ?? ''}`,
  )
  const problem = novel.error ?? chapter.error
  if (leadsNowhere(problem))
    return (
      <Quiet title={t`There is no such chapter`}>
        <p>{problem.message}</p>
        <p>
          {novel.data && (
            <>
              <Link href={`/novels/${id}`}>
                <Trans>To the book</Trans>
              </Link>{' '}
              ·{' '}
            </>
          )}
          <Link href="/">
            <Trans>To the shelf</Trans>
          </Link>
        </p>
      </Quiet>
    )
  if (chapter.data && novel.data)
    return <ChapterView novel={novel.data.novel} chapters={novel.data.chapters} chapter={chapter.data} />
  if (!problem) return <Loading words={t`Opening the chapter…`} />
  const listed = chapters?.find((each) => each.number === number)
  return (
    <PageTrouble
      title={listed ? chapterName(listed, numbers) : t`The chapter`}
      error={problem}
      unkept={t`This chapter is not kept on this device.`}
      onRetry={() => void Promise.all([novel.refetch(), chapter.refetch()])}
    />
  )
}

interface ChapterViewProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly chapter: Chapter
}

function ChapterView({ novel, chapters, chapter }: ChapterViewProps) {
  const mayChange = useMayChange(novel)
  const [{ reading }] = useListenerSettings()
  const { number, heard, status } = chapter
  // Sentences that another chapter shares do not make one begun that nobody asked for.
  const segments = useMemo(
    () =>
      status === 'none' ? chapter.segments.map((each) => ({ ...each, ready: false })) : chapter.segments,
    [chapter.segments, status],
  )
  const numbers = useMemo(() => chapterNumbers(chapters), [chapters])
  const sound = { novelId: novel.id, chapterNumber: number, voice: chapter.voice ?? '', speed: chapter.speed }
  const marks = useMarks(soundKey(sound))
  const ticks = useMemo(() => ticksOfSegments(segments, marks, heard), [segments, marks, heard])
  const done = segments.filter((segment) => segment.ready).length
  const leftOut = leftOutWords(
    Object.fromEntries(
      [...Map.groupBy(chapter.skips, (skip) => skip.reason)].map(([reason, all]) => [reason, all.length]),
    ),
  )
  const inPlayer = usePlayerState((state) => (state.novel?.id === novel.id ? state.chapterNumber : undefined))
  const playing = usePlayerState((state) => state.playing)
  const playsHere = inPlayer === number
  const head = usePlayerState((state) => (playsHere ? state.segment : undefined))
  const place = novel.position?.chapterNumber === number ? novel.position.segment : undefined
  const marked = head ?? place
  const text = useRef<HTMLElement>(null)
  const { strayed, stray, back } = useFollow(text, marked)
  useWordMark(text, novel.id, chapter, playsHere, place)
  useTurn(novel.id, number, inPlayer, !strayed)
  const left = useTimeLeft(novel, chapters)
  const elsewhere = playing && inPlayer !== undefined && !playsHere
  return (
    <article className="chapter" {...readingStyle(reading)}>
      <header className="chapter-head">
        <p>
          <Link href={`/novels/${novel.id}`} lang={novel.language}>
            <bdi>{novel.title}</bdi>
          </Link>
          {chapter.part && <span className="soft"> · {chapter.part}</span>}
        </p>
        <h1 lang={novel.language} dir="auto" className={opensWithTitle(chapter) ? 'unseen' : undefined}>
          {chapterName(chapter, numbers)}
        </h1>
        <Ribbon ticks={ticks} height={20} slot={6} label={ribbonWords(done, segments.length)} />
        <div className="chapter-tools">
          {canBeHeard(chapter, mayChange) && (
            <ListenButton
              novel={novel}
              chapterNumber={number}
              words={playsHere || place !== undefined ? t`Go on` : t`Listen`}
            />
          )}
          {mayChange && done < segments.length && <Speak novelId={novel.id} chapter={chapter} />}
          <span className="figures">
            {[
              chapterWords({ ...chapter, segmentsDone: done }, isSpeaking(marks)),
              heardWords(chapter.segmentsHeard, segments.length, chapter.finished),
              left?.chapterNumber === number && leftWords(left.chapterSeconds, left.about),
              segments.some(({ ready, wordTimes }) => ready && wordTimes) && t`word times are estimated`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
          <div className="reading-tools">
            {marked !== undefined && (
              <MarkPlaceButton novelId={novel.id} chapterNumber={number} segment={marked} />
            )}
            {segments.length > 0 && (
              <MarkButton
                novelId={novel.id}
                numbers={[number]}
                finished={chapter.finished === true}
                name={chapterName(chapter, numbers)}
              />
            )}
            <SearchButton novel={novel} sign />
            <KeepChapter novel={novel} chapters={chapters} number={number} />
            <AaButton />
          </div>
        </div>
      </header>
      <BookText
        novel={novel}
        chapter={chapter}
        text={text}
        marked={marked}
        heard={playsHere}
        onMove={stray}
      />
      <SentenceBookmark novelId={novel.id} chapterNumber={number} text={text} marked={marked} />
      <WordLookup text={text} novel={novel} chapter={chapter} />
      {leftOut && (
        <p className="figures chapter-left-out">
          <Trans>Not spoken here: {leftOut}.</Trans>
        </p>
      )}
      <nav className="chapter-turn" aria-label={t`Chapters`}>
        {[chapters[number - 2], chapters[number]].map(
          (other, at) =>
            other && (
              <Link
                key={other.number}
                href={`/novels/${novel.id}/chapters/${other.number}`}
                className="button"
                rel={at === 0 ? 'prev' : 'next'}
              >
                {at === 0 && <ArrowLeft size={18} aria-hidden="true" />}
                <span className="button-words" lang={novel.language} dir="auto">
                  {chapterName(other, numbers)}
                </span>
                {at === 1 && <ArrowRight size={18} aria-hidden="true" />}
              </Link>
            ),
        )}
      </nav>
      {(elsewhere || (playsHere && strayed)) && (
        <BackToVoice
          elsewhere={elsewhere ? `/novels/${novel.id}/chapters/${inPlayer}` : undefined}
          onBack={back}
        />
      )}
    </article>
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
        {chapter.segmentsDone > 0 ? t`Speak the rest` : t`Speak this chapter`}
      </PushButton>
      {ask.isError && <Trouble error={ask.error} />}
    </>
  )
}
