import { t } from '@lingui/core/macro'
import { memo, useMemo } from 'react'
import type { Chapter, SegmentView } from '../../src/http/contract/novel-contract.ts'
import { BookImage } from '../reading/book-image.tsx'
import { InlineText } from '../reading/inline-text.tsx'
import { NoteReference } from '../reading/note-reference.tsx'
import { type Direction, directionOfText } from '../reading/text-direction.ts'
import { piecesWithin, type TextPiece, textPieces } from './chapter-text.ts'
import { skipWords } from './left-out.ts'

interface BookBlockProps {
  readonly novelId: string
  readonly chapterNumber: number
  readonly block: Chapter['blocks'][number]
  /** The part of it that is shown. */
  readonly start: number
  readonly end: number
  /** In a cell, which is its paragraph. */
  readonly bare: boolean
  /** Of the text around. */
  readonly direction: Direction
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
export const BookBlock = memo(function BookBlock(props: BookBlockProps) {
  const { block, segments, skips, start, end, bare, direction, ...shown } = props
  const pieces = useMemo(
    () => piecesWithin(textPieces(block, segments, skips), start, end),
    [block, segments, skips, start, end],
  )
  if (block.kind === 'scene-break') return <hr className="scene-break" aria-label={t`Scene break`} />
  const Tag = block.kind === 'heading' ? 'h2' : bare ? 'span' : 'p'
  const own = directionOfText(block.text, direction)
  return (
    <Tag
      className={block.kind}
      id={block.anchor !== undefined && start === 0 ? `anchor-${block.anchor}` : undefined}
      dir={own === direction ? undefined : own}
      lang={block.lang}
    >
      {pieces.map((piece, at) => (
        // A piece is nothing but its place in the block.
        // oxlint-disable-next-line react/no-array-index-key
        <Piece key={at} piece={piece} block={block} {...shown} />
      ))}
    </Tag>
  )
}, looksTheSame)

function looksTheSame(one: BookBlockProps, other: BookBlockProps): boolean {
  return (
    one.block === other.block &&
    one.start === other.start &&
    one.end === other.end &&
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

interface PieceProps extends Pick<
  BookBlockProps,
  'novelId' | 'chapterNumber' | 'block' | 'language' | 'reached' | 'marked' | 'heard'
> {
  readonly piece: TextPiece
}

function Piece({ piece, novelId, chapterNumber, block, language, reached, marked, heard }: PieceProps) {
  // Spaces between sentences, mostly.
  if (piece.kind === 'plain' && !block.marks && !block.readings) return piece.text
  if (piece.kind === 'plain') return <InlineText text={piece.text} start={piece.start} block={block} />
  if (piece.kind === 'image') {
    const { image, text = '' } = piece.skip
    return (
      image && <BookImage novelId={novelId} chapterNumber={chapterNumber} image={image} alt={text} inline />
    )
  }
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
