import { useState } from 'react'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { addresses } from '../api.ts'

interface BookImageProps {
  readonly novelId: string
  readonly chapterNumber: number
  readonly image: NonNullable<Chapter['skips'][number]['image']>
  /** The words that stand for it. */
  readonly alt: string
  /** Within a line of text. */
  readonly inline?: boolean
}

/** Pixels up to which an image is a sign among letters. */
const signHeight = 48

/** An image of the book, where it stands. One that cannot be loaded is its words. */
export function BookImage({ novelId, chapterNumber, image, alt, inline = false }: BookImageProps) {
  const [broken, setBroken] = useState(false)
  if (broken && alt === '') return null
  const { name, width, height } = image
  const shown = broken ? (
    <em>{alt}</em>
  ) : (
    <img
      src={`${addresses.novels}/${novelId}/chapters/${chapterNumber}/images/${encodeURIComponent(name)}`}
      alt={alt}
      width={width}
      height={height}
      // Its room is known before it comes; a chapter may have hundreds.
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
    />
  )
  if (!inline) return <figure className="book-image">{shown}</figure>
  return <span className={height > signHeight ? 'book-image' : 'book-sign'}>{shown}</span>
}
