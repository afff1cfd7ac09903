import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMay } from '../account/account-state.ts'
import { useMayChange } from '../account/may-change.ts'
import { chapterName, chapterNumbers } from '../element/chapter-names.ts'
import { Cover } from '../element/cover.tsx'
import { Loading, PageTrouble } from '../element/page-state.tsx'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfChapters } from '../element/ribbon-model.ts'
import { heardWords } from '../element/status-words.ts'
import { figure } from '../element/figure-words.ts'
import { lengthWords, percentOf } from '../element/time-words.ts'
import { HeardActs } from '../listener/heard-acts.tsx'
import { leftWords, useTimeLeft } from '../listener/use-time-left.ts'
import { useTitle } from '../element/use-title.ts'
import { NovelWork } from '../generation/novel-work.tsx'
import { useSpeakingChapters } from '../live/live.tsx'
import { KeepNext } from '../offline/keep-controls.tsx'
import { canBeHeard, chapterToHear } from '../player/chapter-order.ts'
import { OfferedVersions } from '../versions/offered-versions.tsx'
import { CastLapsed } from '../cast/cast-lapsed.tsx'
import { ListenButton } from '../player/listen-button.tsx'
import { usePlayerState } from '../player/player-context.ts'
import { leadsNowhere, useNovel } from '../queries.ts'
import { SearchButton } from '../reading/search-button.tsx'
import { ChapterList } from './chapter-list.tsx'
import { HeadingsHint } from './headings-hint.tsx'
import { ImportReport } from './import-report.tsx'
import { KeptSwitch } from './kept-switch.tsx'
import { NaturalVoice, NaturalVoiceHere, useBetterVoice } from './natural-voice.tsx'
import { NoSuchBook } from './no-such-book.tsx'
import { NovelHeading } from './novel-heading.tsx'
import { TakeWithYou } from './take-with-you.tsx'
import { VoiceChooser } from './voice-chooser.tsx'
import './novel.css'

/** Of a novel that is not known yet there is nothing to ask. */
const unknown = { language: '', voice: 'unknown' }

export function NovelPage({ id }: { readonly id: string }) {
  const known = useNovel(id)
  useTitle(known.data?.novel.title)
  const { waiting, here, better, more } = useBetterVoice(known.data?.novel ?? unknown)
  const mayChange = useMayChange(known.data?.novel ?? {})
  const isAdmin = useMay('admin')
  const [opened, setOpened] = useState<string>()
  if (known.data && !waiting && opened !== id) setOpened(id)
  // All that stands on the page comes at once, so that nothing moves; what is asked for later is waited for on it.
  if (known.isPending || (known.data && waiting && opened !== id))
    return <Loading words={t`Opening the book…`} />
  if (leadsNowhere(known.error))
    return (
      <NoSuchBook>
        <p>{known.error.message}</p>
      </NoSuchBook>
    )
  if (!known.data)
    return (
      <PageTrouble
        title={t`The book`}
        error={known.error}
        unkept={t`This book is not kept on this device.`}
        onRetry={() => void known.refetch()}
      />
    )
  const { novel, chapters } = known.data
  return (
    <div className="novel">
      <aside className="novel-aside" aria-label={t`About this book`}>
        <div className="novel-cover">
          <Cover title={novel.title} author={novel.author} language={novel.language} image={novel.cover} />
        </div>
        <div className="novel-aside-rest">
          <Listen novel={novel} chapters={chapters} />
          <SearchButton novel={novel} />
          <VoiceChooser novel={novel} />
          <TakeWithYou novel={novel} chapters={chapters} />
          <KeepNext novel={novel} chapters={chapters} />
          <KeptSwitch novel={novel} />
        </div>
      </aside>
      <div className="novel-main">
        <NovelHeading novel={novel} />
        <NovelRibbon novel={novel} chapters={chapters} />
        {here && mayChange && <NaturalVoiceHere key={here.id} novel={novel} voice={here} />}
        {better && isAdmin && novel.segmentsDone < novel.segmentsTotal && (
          <NaturalVoice novel={novel} better={better} more={more} />
        )}
        <NovelWork novelId={id} />
        {mayChange && (
          <>
            <CastLapsed novel={novel} />
            <OfferedVersions novel={novel} />
            <HeadingsHint
              novel={novel}
              chapters={chapters.length}
              characters={chapters.reduce((sum, chapter) => sum + chapter.characters, 0)}
            />
          </>
        )}
        <ChapterList novel={novel} chapters={chapters} />
        <details className="novel-report">
          <summary>
            <Trans>How this book was read</Trans>
          </summary>
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
  const heard = heardWords(novel.segmentsHeard, novel.segmentsTotal, novel.finished)
  const left = useTimeLeft(novel, chapters)
  const spokenWords = t`${figure(done)} of ${plural(narrated.length, { one: '# chapter', other: '# chapters' })} spoken`
  return (
    <div className="novel-ribbon">
      <Ribbon ticks={ticks} height={28} slot={20} label={heard ? `${spokenWords}, ${heard}` : spokenWords} />
      <p className="figures">
        {spokenWords}
        {novel.segmentsDone > 0 && (
          <>
            {' · '}
            <Trans>
              {percentOf(novel.segmentsDone, novel.segmentsTotal)} % · {lengthWords(novel.seconds)} to hear
            </Trans>
          </>
        )}
        {heard && ` · ${heard}`}
        {left && ` · ${leftWords(left.seconds, left.about)}`}
      </p>
      <HeardActs novel={novel} />
    </div>
  )
}

/** Begins the book, goes on with it, or stops it: of the chapter that is in the player, else of the one that was left. */
function Listen({ novel, chapters }: NovelProps) {
  const mayChange = useMayChange(novel)
  const inPlayer = usePlayerState((state) => (state.novel?.id === novel.id ? state.chapterNumber : undefined))
  const numbers = useMemo(() => chapterNumbers(chapters), [chapters])
  const left = chapterToHear(novel, chapters)
  const chapter = chapters.find(({ number }) => number === inPlayer) ?? left
  if (!chapter || !canBeHeard(chapter, mayChange)) return null
  const begun = inPlayer !== undefined || chapter.number === novel.position?.chapterNumber
  return (
    <ListenButton
      className="button main listen"
      novel={novel}
      chapterNumber={chapter.number}
      pauseWords={t`Pause ${chapterName(chapter, numbers)}`}
      words={begun ? t`Go on with ${chapterName(chapter, numbers)}` : t`Listen`}
    />
  )
}
