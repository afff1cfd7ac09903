import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import {
  Fragment,
  type KeyboardEvent,
  memo,
  type MouseEvent,
  type RefObject,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Chapter, Novel, SegmentView } from '../../src/http/contract/novel-contract.ts'
import { usePlayer } from '../player/player-context.ts'
import { InlineText } from '../reading/inline-text.tsx'
import { NoteReference } from '../reading/note-reference.tsx'
import { type TextPiece, textPieces } from './chapter-text.ts'
import { leftOutPlaces } from './left-out-places.ts'
import { LeftOutTexts } from './left-out-texts.tsx'
import { skipWords } from './left-out.ts'
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
  const segmentsOf = useMemo(() => Map.groupBy(chapter.segments, ({ block }) => block), [chapter.segments])
  const skipsOf = useMemo(() => Map.groupBy(chapter.skips, ({ block }) => block), [chapter.skips])
  const segments = chapter.segments.length
  const landing = useRef<{ segment: number; of: number }>(undefined)
  const takeIn = useTakeIn(novel, chapter, (segment, of) => {
    landing.current = { segment, of }
    setMoved(segment)
    onMove()
  })
  // Where the button stood that was pressed, the text begins: the focus goes there as soon as it is shown.
  useLayoutEffect(() => {
    if (landing.current?.of !== segments) return
    text.current?.querySelector<HTMLElement>(`[data-segment="${landing.current.segment}"]`)?.focus()
    landing.current = undefined
  }, [segments, text])

  function playFrom(target: EventTarget): void {
    const span = (target as Element).closest<HTMLElement>('[data-segment]')
    if (!span || getSelection()?.isCollapsed === false) return
    const segment = Number(span.dataset.segment)
    setMoved(segment)
    void player.play(novel, chapter.number, { segment })
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    if ((event.target as Element).closest('.left-out-text')) return
    if (event.key === 'Enter') playFrom(event.target)
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
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
          sentence.
        </Trans>
      </p>
      {/* The sentences are many, so it listens for them; the arrows and Enter do what a press does. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <section
        ref={text}
        className="book-text"
        aria-label={t`The text`}
        lang={novel.language}
        data-underway={chapter.status !== 'none' && done > 0 && done < chapter.segments.length}
        onClick={(event: MouseEvent) => playFrom(event.target)}
        onKeyDown={onKeyDown}
      >
        {chapter.blocks.map((block) => {
          const within = (at: number | undefined): number | undefined =>
            at !== undefined && chapter.segments[at]?.block === block.index ? at : undefined
          return (
            <Fragment key={block.index}>
              <LeftOutTexts texts={leftOut.get(block.index)} language={novel.language} takeIn={takeIn} />
              <BookBlock
                block={block}
                language={novel.language}
                segments={segmentsOf.get(block.index) ?? none}
                skips={skipsOf.get(block.index) ?? none}
                reached={within(reached)}
                marked={within(marked)}
                heard={heard}
              />
            </Fragment>
          )
        })}
        <LeftOutTexts texts={leftOut.get(chapter.blocks.length)} language={novel.language} takeIn={takeIn} />
      </section>
    </>
  )
}

interface BookBlockProps {
  readonly block: Chapter['blocks'][number]
  readonly language: string
  /** Those of this block. */
  readonly segments: readonly SegmentView[]
  readonly skips: readonly Chapter['skips'][number][]
  /** The segment of this block that the keyboard has reached, and the one that is marked. */
  readonly reached: number | undefined
  readonly marked: number | undefined
  readonly heard: boolean
}

/** Of thousands only those are drawn again whose sentences were marked or spoken since. */
const BookBlock = memo(function BookBlock(props: BookBlockProps) {
  const { block, segments, skips, language, ...shown } = props
  const pieces = useMemo(() => textPieces(block, segments, skips), [block, segments, skips])
  if (block.kind === 'scene-break') return <hr className="scene-break" aria-label={t`Scene break`} />
  const Tag = block.kind === 'heading' ? 'h2' : 'p'
  return (
    <Tag className={block.kind} dir="auto">
      {pieces.map((piece, at) => (
        // A piece is nothing but its place in the block.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={at} piece={piece} block={block} language={language} {...shown} />
      ))}
    </Tag>
  )
}, looksTheSame)

function looksTheSame(one: BookBlockProps, other: BookBlockProps): boolean {
  return (
    one.block === other.block &&
    one.reached === other.reached &&
    one.marked === other.marked &&
    one.heard === other.heard &&
    one.skips === other.skips &&
    one.segments.length === other.segments.length &&
    one.segments.every((segment, at) => {
      const { index, start, end, ready } = other.segments[at]!
      return (
        segment.index === index && segment.start === start && segment.end === end && segment.ready === ready
      )
    })
  )
}

interface PieceProps extends Pick<BookBlockProps, 'block' | 'language' | 'reached' | 'marked' | 'heard'> {
  readonly piece: TextPiece
}

function Piece({ piece, block, language, reached, marked, heard }: PieceProps) {
  if (piece.kind === 'plain') return piece.text
  if (piece.kind === 'skip' && piece.note !== undefined)
    return <NoteReference mark={piece.text} note={piece.note} language={language} />
  if (piece.kind === 'skip')
    return (
      <span className="skip" title={t`Not spoken: ${skipWords(piece.reason)}`}>
        {piece.text}
        <small>{skipWords(piece.reason)}</small>
      </span>
    )
  const { index, start, ready, text } = piece
  return (
    <span
      data-segment={index}
      data-start={start}
      data-ready={ready}
      data-heard={(heard && index === marked) || undefined}
      data-place={(!heard && index === marked) || undefined}
      aria-current={index === marked ? 'location' : undefined}
      // The one stop in the text; Enter on it plays.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={index === reached ? 0 : -1}
      aria-describedby={index === reached ? 'how-to-play' : undefined}
    >
      <InlineText text={text} start={start} block={block} />
    </span>
  )
}
