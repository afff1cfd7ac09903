import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { Progress } from '../../src/http/contract.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfCount } from '../element/ribbon-model.ts'
import { chapterWords, ribbonWords } from '../element/status-words.ts'
import { soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'

export function GenerationChapters({ progress }: { readonly progress: Progress }) {
  const { chapters } = progress
  const list = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0))
  const virtual = useWindowVirtualizer({
    count: chapters.length,
    estimateSize: () => 48,
    overscan: 12,
    scrollMargin: top,
  })
  return (
    <section aria-labelledby="chapters" className="generation-chapters">
      <h2 id="chapters">Chapters</h2>
      <div ref={list} role="list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const chapter = chapters[item.index]
          return (
            chapter && (
              <div
                key={item.key}
                role="listitem"
                aria-setsize={chapters.length}
                aria-posinset={item.index + 1}
                className="generation-chapter"
                style={{ height: item.size, transform: `translateY(${item.start - top}px)` }}
              >
                <Chapter progress={progress} chapter={chapter} />
              </div>
            )
          )
        })}
      </div>
    </section>
  )
}

interface ChapterProps {
  readonly progress: Progress
  readonly chapter: Progress['chapters'][number]
}

function Chapter({ progress: { novelId, voice, speed }, chapter }: ChapterProps) {
  const { chapterNumber, title, segmentsTotal, segmentsDone } = chapter
  const marks = useMarks(soundKey({ novelId, chapterNumber, voice, speed }))
  const ticks = useMemo(
    () => ticksOfCount(segmentsTotal, segmentsDone, marks),
    [segmentsTotal, segmentsDone, marks],
  )
  return (
    <>
      <Link href={`/novels/${novelId}/chapters/${chapterNumber}`} className="chapter-title plain">
        <span className="figures">{chapterNumber}</span> {title}
      </Link>
      <Ribbon ticks={ticks} height={12} slot={4} label={ribbonWords(segmentsDone, segmentsTotal)} />
      <span className="figures chapter-state" data-status={chapter.status}>
        {chapterWords({ ...chapter, narrated: true })}
      </span>
    </>
  )
}
