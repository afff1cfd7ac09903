import { useState } from 'react'
import { clothOf } from './cloth.ts'
import './cover.css'

interface CoverProps {
  readonly title: string
  readonly author: string
  readonly language: string
  readonly image: string | null
}

/** The book's own cover, or one set in type. The words beside it name the book, so it is silent. */
export function Cover({ title, author, language, image }: CoverProps) {
  const [broken, setBroken] = useState<string>()
  if (image !== null && image !== broken) {
    return (
      <span className="cover">
        <img
          src={`${image}?width=320`}
          // By the screen alone: a card that grows as others go would ask again, of a novel that is gone.
          srcSet={`${image}?width=320, ${image}?width=640 2x`}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(image)}
        />
      </span>
    )
  }
  return (
    <span className="cover set-in-type" data-cloth={clothOf(title + author)} aria-hidden="true">
      <span className="cover-frame" lang={language}>
        <span className="cover-title" dir="auto" data-long={isLong(title) || undefined}>
          {title}
        </span>
        <svg className="cover-mark" viewBox="0 0 31 20" width="31" height="20">
          <path d="M0 7h3v6H0zM7 3h3v14H7zM14 0h3v20h-3zM21 4h3v12h-3zM28 7h3v6h-3z" />
        </svg>
        <span className="cover-author">{author}</span>
      </span>
    </span>
  )
}

/** Many words, or a word that might not fit its line: eleven wide letters do not. */
function isLong(title: string): boolean {
  return title.length > 48 || title.split(/[\s-]+/).some((word) => word.length > 10)
}
