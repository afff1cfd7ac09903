import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import {
  Fragment,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Chapter, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMayChange } from '../account/may-change.ts'
import { usePlayer } from '../player/player-context.ts'
import { blockTree } from '../reading/block-tree.ts'
import { useAnchorOfPage } from '../reading/book-anchors.ts'
import { BookImage } from '../reading/book-image.tsx'
import { LinksOf } from '../reading/book-link.tsx'
import { BookNodes, type ShownBlock } from '../reading/book-nodes.tsx'
import { directionOf } from '../reading/text-direction.ts'
import { BookBlock } from './book-block.tsx'
import { imagePlaces, leftOutPlaces, type PlacedImage } from './left-out-places.ts'
import { LeftOutTexts } from './left-out-texts.tsx'
import { useTakeIn } from './use-take-in.ts'

const none: readonly never[] = []

interface BookTextProps {
  readonly novel: Novel
  readonly chapter: Chapter
  readonly text: RefObject<HTMLElement | null>
  /** The sentence that is heard now, or else the one at which the listener stopped. */
  readonly marked: number | undefined
  /** Whether that one is heard now. */
  readonly heard: boolean
  /** The keyboard goes its own way through the text. */
  readonly onMove: () => void
}

/**
 * The chapter as it is printed, and to the ear a text as well, not a row of buttons. A sentence plays when it is
 * pressed; the one being heard is marked. The tab key stops in it once; from there the arrows go from sentence to
 * sentence.
 */
export function BookText({ novel, chapter, text, marked, heard, onMove }: BookTextProps) {
  const player = usePlayer()
  const [moved, setMoved] = useState<number>()
  const reached = moved ?? marked ?? 0
  const done = chapter.segments.filter((segment) => segment.ready).length
  const leftOut = useMemo(() => leftOutPlaces(chapter), [chapter])
  const images = useMemo(() => imagePlaces(chapter), [chapter])
  const tree = useMemo(() => blockTree(chapter.blocks), [chapter.blocks])
  const direction = directionOf(novel.language)
  useAnchorOfPage(novel.id, chapter.number, onMove)
  const segmentsOf = useMemo(() => Map.groupBy(chapter.segments, ({ block }) => block), [chapter.segments])
  const skipsOf = useMemo(() => Map.groupBy(chapter.skips, ({ block }) => block), [chapter.skips])
  const segments = chapter.segments.length
  const landing = useRef<{ segment: number; of: number }>(undefined)
  const mayChange = useMayChange(novel)
  const taking = useTakeIn(novel, chapter, (segment, of) => {
    landing.current = { segment, of }
    setMoved(segment)
    onMove()
  })
  const takeIn = mayChange ? taking : undefined
  // Where the button stood that was pressed, the text begins: the focus goes there as soon as it is shown.
  useLayoutEffect(() => {
    if (landing.current?.of !== segments) return
    text.current?.querySelector<HTMLElement>(`[data-segment="${landing.current.segment}"]`)?.focus()
    landing.current = undefined
  }, [segments, text])

  const show = ({ block, part, bare }: ShownBlock) => {
    const within = (at: number | undefined): number | undefined =>
      at !== undefined && chapter.segments[at]?.block === block.index ? at : undefined
    const first = part === undefined || part.start === 0
    const last = part === undefined || part.end >= block.text.length
    const image = (each: PlacedImage) => (
      <BookImage key={each.index} novelId={novel.id} chapterNumber={chapter.number} {...each} />
    )
    return (
      <Fragment key={`${block.index} ${part?.start}`}>
        {first && <LeftOutTexts texts={leftOut.get(block.index)} language={novel.language} takeIn={takeIn} />}
        {first && images.get(`before ${block.index}`)?.map(image)}
        <BookBlock
          novelId={novel.id}
          chapterNumber={chapter.number}
          block={block}
          start={part?.start ?? 0}
          end={part?.end ?? block.text.length}
          bare={bare}
          direction={direction}
          language={novel.language}
          segments={segmentsOf.get(block.index) ?? none}
          skips={skipsOf.get(block.index) ?? none}
          reached={within(reached)}
          marked={within(marked)}
          heard={heard}
        />
        {last && images.get(`behind ${block.index}`)?.map(image)}
      </Fragment>
    )
  }

  function playFrom(target: EventTarget): void {
    const span = (target as Element).closest<HTMLElement>('[data-segment]')
    if (!span || (target as Element).closest('a') || getSelection()?.isCollapsed === false) return
    const segment = Number(span.dataset.segment)
    setMoved(segment)
    void player.play(novel, chapter.number, { segment })
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if ((event.target as Element).closest('.left-out-text')) return
    if (event.key === 'Enter') playFrom(event.target)
    // The next sentence is on the left where lines begin on the right.
    const [on, back] = direction === 'rtl' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft']
    const step = event.key === on ? 1 : event.key === back ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    event.stopPropagation()
    const next = Math.min(chapter.segments.length - 1, Math.max(0, reached + step))
    setMoved(next)
    onMove()
    text.current?.querySelector<HTMLElement>(`[data-segment="${next}"]`)?.focus()
  }

  return (
    <>
      <p className="unseen" id="how-to-play">
        <Trans>
          Enter plays from a sentence, space plays and pauses; the left and right arrows go from sentence to
          sentence, W from word to word, and Enter from there to how it is said.
        </Trans>
      </p>
      {/* The sentences are many, so it listens for them; the arrows and Enter do what a press does. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <section
        ref={text}
        className="book-text"
        aria-label={t`The text`}
        lang={novel.language}
        dir={direction}
        data-underway={chapter.status !== 'none' && done > 0 && done < chapter.segments.length}
        onClick={(event: MouseEvent) => playFrom(event.target)}
        onKeyDown={onKeyDown}
      >
        <LinksOf value={novel.id}>
          <BookNodes nodes={tree} show={show} />
        </LinksOf>
        <LeftOutTexts texts={leftOut.get(chapter.blocks.length)} language={novel.language} takeIn={takeIn} />
      </section>
    </>
  )
}
