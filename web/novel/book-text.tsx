import { type KeyboardEvent, memo, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
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
  const text = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (heard === undefined) return
    const spans = [...(text.current?.querySelectorAll(`[data-segment="${heard}"]`) ?? [])]
    for (const span of spans) span.classList.add('heard')
    return () => {
      for (const span of spans) span.classList.remove('heard')
    }
    // The marks are put on the spans themselves, so they must return after the text was drawn again.
  }, [heard, chapter])

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
        Enter plays from a spoken sentence; the left and right arrows go from sentence to sentence.
      </p>
      {/* The sentences in it are the buttons; they are many, so it listens for them. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events */}
      <div
        ref={text}
        className="book-text"
        lang={novel.language}
        data-size={size}
        onClick={(event: MouseEvent) => playFrom(event.target)}
        onKeyDown={onKeyDown}
      >
        {chapter.blocks.map((block) => (
          <BookBlock key={block.index} block={block} chapter={chapter} reached={reached} />
        ))}
      </div>
    </>
  )
}

interface BookBlockProps {
  readonly block: Chapter['blocks'][number]
  readonly chapter: Chapter
  readonly reached: number
}

function BookBlock({ block, chapter, reached }: BookBlockProps) {
  const { segments, skips } = chapter
  const pieces = useMemo(() => textPieces(block, segments, skips), [block, segments, skips])
  if (block.kind === 'scene-break')
    return (
      <div className="scene-break" role="separator" aria-label="Scene break">
        <svg viewBox="0 0 31 20" width="31" height="20" aria-hidden="true">
          <path d="M0 7h3v6H0zM7 3h3v14H7zM14 0h3v20h-3zM21 4h3v12h-3zM28 7h3v6h-3z" />
        </svg>
      </div>
    )
  const Tag = block.kind === 'heading' ? 'h2' : 'p'
  return (
    <Tag className={block.kind}>
      {pieces.map((piece, at) => (
        <Piece key={at} piece={piece} reached={piece.kind === 'segment' && piece.index === reached} />
      ))}
    </Tag>
  )
}

const Piece = memo(function Piece({ piece, reached }: { piece: TextPiece; reached: boolean }) {
  if (piece.kind === 'plain') return piece.text
  if (piece.kind === 'segment')
    return (
      <span
        data-segment={piece.index}
        data-ready={piece.ready}
        tabIndex={reached ? 0 : -1}
        role={piece.ready ? 'button' : undefined}
        aria-describedby={reached ? 'how-to-play' : undefined}
      >
        {piece.text}
      </span>
    )
  return (
    <span className="skip" title={`Not spoken: ${skipWords(piece.reason)}`}>
      {piece.text}
      <small>{skipWords(piece.reason)}</small>
    </span>
  )
})
