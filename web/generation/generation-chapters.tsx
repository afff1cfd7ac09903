import { useCallback, useMemo } from 'react'
import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { useMedia } from '../element/use-media.ts'
import { useRows } from '../element/use-rows.ts'
import { chapterWords, ribbonWords } from '../element/status-words.ts'
import { soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { ticksOfChapter } from './ticks-of-chapter.ts'

export function GenerationChapters({ progress }: { readonly progress: Progress }) {
  const { chapters } = progress
  const keyOf = useCallback((at: number) => chapters[at]?.chapterNumber ?? at, [chapters])
  const narrow = useMedia('(max-width: 600px)')
  const height = useCallback(() => (narrow ? 64 : 48), [narrow])
  const { list, items, total, place } = useRows({ count: chapters.length, height, keyOf })
  return (
    <section aria-labelledby="chapters" className="generation-chapters">
      <h2 id="chapters">Chapters</h2>
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
                <Chapter progress={progress} chapter={chapter} />
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
}

function Chapter({ progress: { novelId, voice, speed, failedSegments }, chapter }: ChapterProps) {
  const { chapterNumber, title, segmentsTotal, segmentsDone } = chapter
  const marks = useMarks(soundKey({ novelId, chapterNumber, voice, speed }))
  const ticks = useMemo(() => {
    const setAside = failedSegments.filter((segment) => segment.chapterNumber === chapterNumber)
    return ticksOfChapter(chapter, marks, setAside)
  }, [chapter, chapterNumber, failedSegments, marks])
  return (
    <>
      <Link href={`/novels/${novelId}/chapters/${chapterNumber}`} className="plain">
        <span className="figures">{chapterNumber}</span> {title}
      </Link>
      <Ribbon ticks={ticks} height={12} slot={4} label={ribbonWords(segmentsDone, segmentsTotal)} />
      <span className="figures" data-status={chapter.status}>
        {chapterWords({ ...chapter, narrated: true })}
      </span>
    </>
  )
}
