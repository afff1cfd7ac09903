import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useCallback, useMemo } from 'react'
import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { type ChapterNumbers, chapterNumbers } from '../element/chapter-names.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { useMedia } from '../element/use-media.ts'
import { useRows } from '../element/use-rows.ts'
import { chapterWords, isSpeaking, ribbonWords } from '../element/status-words.ts'
import { soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { useNovel } from '../queries.ts'
import { ticksOfChapter } from './ticks-of-chapter.ts'

export function GenerationChapters({ progress }: { readonly progress: Progress }) {
  const { chapters } = progress
  const known = useNovel(progress.novelId).data?.chapters
  const numbers = useMemo(() => chapterNumbers(known ?? []), [known])
  const keyOf = useCallback((at: number) => chapters[at]?.chapterNumber ?? at, [chapters])
  const narrow = useMedia('(max-width: 600px)')
  const height = useCallback(() => (narrow ? 80 : 48), [narrow])
  const { list, items, total, place } = useRows({ count: chapters.length, height, keyOf })
  return (
    <section aria-labelledby="chapters" className="generation-chapters">
      <h2 id="chapters">
        <Trans>Chapters</Trans>
      </h2>
      <ul ref={list} style={{ height: total }}>
        {items.map((item) => {
          const chapter = chapters[item.index]
          return (
            chapter && (
              <li
                key={item.key}
                aria-setsize={chapters.length}
                aria-posinset={item.index + 1}
                className="generation-chapter"
                style={place(item)}
              >
                <Chapter progress={progress} chapter={chapter} numbers={numbers} />
              </li>
            )
          )
        })}
      </ul>
    </section>
  )
}

interface ChapterProps {
  readonly progress: Progress
  readonly chapter: Progress['chapters'][number]
  readonly numbers: ChapterNumbers
}

function Chapter({ progress: { novelId, voice, speed, failedSegments }, chapter, numbers }: ChapterProps) {
  const { chapterNumber, title, segmentsTotal, segmentsDone } = chapter
  const shown = numbers.get(chapterNumber)
  const marks = useMarks(soundKey({ novelId, chapterNumber, voice, speed }))
  const ticks = useMemo(() => {
    const setAside = failedSegments.filter((segment) => segment.chapterNumber === chapterNumber)
    return ticksOfChapter(chapter, marks, setAside)
  }, [chapter, chapterNumber, failedSegments, marks])
  return (
    <>
      <Link href={`/novels/${novelId}/chapters/${chapterNumber}`} className="plain">
        <span className="figures">{shown}</span>{' '}
        {title || (shown === undefined ? t`Without a title` : t`Chapter ${shown}`)}
      </Link>
      <Ribbon ticks={ticks} height={12} slot={4} label={ribbonWords(segmentsDone, segmentsTotal)} />
      <span className="figures" data-status={chapter.status}>
        {chapterWords({ ...chapter, narrated: true }, isSpeaking(marks))}
      </span>
    </>
  )
}
