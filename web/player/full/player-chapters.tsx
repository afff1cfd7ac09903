import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Pause, Play } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ChapterListed, Novel } from '../../../src/http/contract/novel-contract.ts'
import { chapterName, chapterNumbers } from '../../element/chapter-names.ts'
import { heardWords } from '../../element/status-words.ts'
import { clock, percentOf } from '../../element/time-words.ts'
import { useNovel } from '../../queries.ts'
import { usePlayer, usePlayerState } from '../player-context.ts'

const rowHeight = 56
/** Rows by which a key moves. */
const ways: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -8,
  PageDown: 8,
  Home: -Infinity,
  End: Infinity,
}

/**
 * The chapters of the novel that is heard, the current one in view. Of thousands only those in sight are in the page; the
 * tab key stops at one, and from there the arrows go on.
 */
export function PlayerChapters({ novel }: { readonly novel: Novel }) {
  const player = usePlayer()
  const current = usePlayerState((state) => state.chapterNumber)
  const playing = usePlayerState((state) => state.playing)
  const rate = usePlayerState((state) => state.rate)
  const all = useNovel(novel.id).data?.chapters
  const chapters = useMemo(() => (all ?? []).filter(({ segmentsTotal }) => segmentsTotal > 0), [all])
  const numbers = useMemo(() => chapterNumbers(all ?? []), [all])
  const at = Math.max(
    0,
    chapters.findIndex(({ number }) => number === current),
  )
  const [reached, setReached] = useState<number>()
  const room = useRef<HTMLDivElement>(null)
  const moved = useRef(false)
  // The React Compiler, for which this is a warning, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: chapters.length,
    getScrollElement: () => room.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => chapters[index]?.number ?? index,
    overscan: 6,
    // Until it is measured, and where it is not shown at first.
    initialRect: { width: 400, height: 480 },
  })
  useEffect(() => virtual.scrollToIndex(at, { align: 'center' }), [virtual, at, chapters.length])
  const stop = Math.min(chapters.length - 1, reached ?? at)
  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    room.current?.querySelector<HTMLElement>(`[data-row="${stop}"]`)?.focus()
  }, [stop])

  function onKeyDown(event: KeyboardEvent): void {
    const way = ways[event.key]
    if (way === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const to = Math.max(0, Math.min(chapters.length - 1, stop + way))
    virtual.scrollToIndex(to)
    moved.current = true
    // The row has to be in the page before it can have the focus.
    requestAnimationFrame(() => setReached(to))
  }

  return (
    <section className="sheet-chapters" aria-label={t`Chapters`}>
      <h3 className="sheet-chapters-head">
        <Trans>Chapters</Trans>
      </h3>
      <div className="sheet-chapters-room" ref={room}>
        {/* The rows are buttons; the list moves the focus between them. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <ul style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const chapter = chapters[index]
            if (!chapter) return null
            const isCurrent = chapter.number === current
            const Sign = isCurrent && playing ? Pause : Play
            return (
              <li
                key={chapter.number}
                aria-setsize={chapters.length}
                aria-posinset={index + 1}
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <button
                  type="button"
                  data-row={index}
                  className="sheet-row"
                  tabIndex={index === stop ? 0 : -1}
                  aria-current={isCurrent || undefined}
                  onClick={() => {
                    setReached(index)
                    if (isCurrent) player.toggle()
                    else void player.play(novel, chapter.number)
                  }}
                >
                  <Sign size={16} aria-hidden="true" />
                  <span className="sheet-row-name" lang={novel.language}>
                    {chapterName(chapter, numbers)}
                  </span>
                  <span className="figures">{rowWords(chapter, rate)}</span>
                </button>
              </li>
            )
          })}
        </ul>
      </div>
    </section>
  )
}

/** How long it is, or how much of it can be heard, and whether it was. */
function rowWords(
  { seconds, segmentsDone, segmentsTotal, segmentsHeard, finished }: ChapterListed,
  rate: number,
): string {
  const percent = percentOf(segmentsDone, segmentsTotal)
  const there =
    seconds === undefined ? (segmentsDone > 0 ? t`${percent} % spoken` : '') : clock(seconds / rate)
  return [there, heardWords(segmentsHeard, segmentsTotal, finished)].filter(Boolean).join(' · ')
}
