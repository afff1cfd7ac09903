import { type KeyboardEvent, memo, type MouseEvent, useMemo, useRef, useState } from 'react'
import type { Chapter, Novel } from '../../src/http/contract.ts'
import type { TextSize } from '../element/text-size.tsx'
import { usePlayer, usePlayerState } from '../player/player-context.ts'
import { type TextPiece, textPieces } from './chapter-text.ts'
import { skipWords } from './left-out.ts'

interface BookTextProps {
  readonly novel: Novel
  readonly chapter: Chapter
  readonly size: TextSize
}

/** The chapter as it is printed. A spoken sentence plays when it is pressed; the one being heard is marked. */
export function BookText({ novel, chapter, size }: BookTextProps) {
  const player = usePlayer()
  const heard = usePlayerState((state) =>
    state.novel?.id === novel.id && state.chapterNumber === chapter.number ? state.segment : undefined,
  )
  const [reached, setReached] = useState(0)
  const done = chapter.segments.filter((segment) => segment.ready).length
  const text = useRef<HTMLDivElement>(null)

  function playFrom(target: EventTarget): void {
    const span = (target as Element).closest<HTMLElement>('[data-segment]')
    if (span?.dataset.ready !== 'true' || getSelection()?.isCollapsed === false) return
    const segment = Number(span.dataset.segment)
    setReached(segment)
    void player.play(novel, chapter.number, { segment })
  }

  /** One stop for the tab key; from there the arrows go from sentence to sentence. */
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Enter') playFrom(event.target)
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    event.stopPropagation()
    const next = Math.min(chapter.segments.length - 1, Math.max(0, reached + step))
    setReached(next)
    text.current?.querySelector<HTMLElement>(`[data-segment="${next}"]`)?.focus()
  }

  return (
    <>
      <p className="unseen" id="how-to-play">
        Enter plays from a spoken sentence, space plays and pauses; the left and right arrows go from sentence
        to sentence.
      </p>
      {/* The sentences in it are the buttons; they are many, so it listens for them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        ref={text}
        className="book-text"
        lang={novel.language}
        data-size={size}
        data-underway={done > 0 && done < chapter.segments.length}
        onClick={(event: MouseEvent) => playFrom(event.target)}
        onKeyDown={onKeyDown}
      >
        {chapter.blocks.map((block) => (
          <BookBlock
            key={block.index}
            block={block}
            segments={chapter.segments}
            skips={chapter.skips}
            reached={chapter.segments[reached]?.block === block.index ? reached : undefined}
            heard={heard !== undefined && chapter.segments[heard]?.block === block.index ? heard : undefined}
          />
        ))}
      </div>
    </>
  )
}

interface BookBlockProps {
  readonly block: Chapter['blocks'][number]
  readonly segments: Chapter['segments']
  readonly skips: Chapter['skips']
  /** The segment of this block that the keyboard has reached, and the one that is heard now. */
  readonly reached: number | undefined
  readonly heard: number | undefined
}

const BookBlock = memo(function BookBlock({ block, segments, skips, reached, heard }: BookBlockProps) {
  const pieces = useMemo(() => textPieces(block, segments, skips), [block, segments, skips])
  if (block.kind === 'scene-break') return <hr className="scene-break" aria-label="Scene break" />
  const Tag = block.kind === 'heading' ? 'h2' : 'p'
  return (
    <Tag className={block.kind}>
      {pieces.map((piece, at) => (
        // A piece is nothing but its place in the block.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={at} piece={piece} reached={reached} heard={heard} />
      ))}
    </Tag>
  )
})

interface PieceProps {
  readonly piece: TextPiece
  readonly reached: number | undefined
  readonly heard: number | undefined
}

function Piece({ piece, reached, heard }: PieceProps) {
  if (piece.kind === 'plain') return piece.text
  if (piece.kind === 'skip')
    return (
      <span className="skip" title={`Not spoken: ${skipWords(piece.reason)}`}>
        {piece.text}
        <small>{skipWords(piece.reason)}</small>
      </span>
    )
  const { index, ready, text } = piece
  return (
    <span
      data-segment={index}
      data-ready={ready}
      data-heard={index === heard || undefined}
      tabIndex={index === reached ? 0 : -1}
      role={ready ? 'button' : undefined}
      aria-describedby={index === reached ? 'how-to-play' : undefined}
    >
      {text}
    </span>
  )
}
