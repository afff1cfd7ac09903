import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { Bookmark } from 'lucide-react'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { markSentence } from './mark-sentence.ts'
import './sentence-bookmark.css'

interface SentenceBookmarkProps {
  readonly novelId: string
  readonly chapterNumber: number
  readonly text: RefObject<HTMLElement | null>
  /** The sentence that is heard, or at which the listener stopped. */
  readonly marked: number | undefined
}

/** Milliseconds on another sentence until the button goes there: on the way to the button the pointer crosses some. */
const dwell = 250

/**
 * A button in the margin beside the sentence under the pointer, else beside the one that is heard. By keyboard `b` does it,
 * and where there is no margin or no pointer the button at the head of the chapter.
 */
export function SentenceBookmark({ novelId, chapterNumber, text, marked }: SentenceBookmarkProps) {
  const client = useQueryClient()
  const [pointed, setPointed] = useState<number>()
  useEffect(() => {
    const section = text.current
    if (!section) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const over = ({ target }: PointerEvent): void => {
      const sentence = (target as Element).closest<HTMLElement>('[data-segment]')
      clearTimeout(timer)
      if (sentence) timer = setTimeout(() => setPointed(Number(sentence.dataset['segment'])), dwell)
    }
    const leave = (): void => clearTimeout(timer)
    section.addEventListener('pointerover', over)
    section.addEventListener('pointerleave', leave)
    return () => {
      clearTimeout(timer)
      section.removeEventListener('pointerover', over)
      section.removeEventListener('pointerleave', leave)
    }
  }, [text])
  const segment = pointed ?? marked
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => {
    const section = text.current
    const first = section?.querySelector(`[data-segment="${segment}"]`)?.getClientRects()[0]
    if (!section || !button.current) return
    button.current.hidden = !first
    const top = (first?.top ?? 0) - section.getBoundingClientRect().top + section.offsetTop
    button.current.style.top = `${top + (first?.height ?? 0) / 2}px`
  }, [text, segment])
  if (segment === undefined) return null
  return (
    <button
      ref={button}
      type="button"
      className="icon-button sentence-bookmark"
      tabIndex={-1}
      aria-label={t`Bookmark this sentence`}
      title={t`Bookmark this sentence`}
      onClick={() => void markSentence(client, { novelId, chapterNumber, segment })}
    >
      <Bookmark size={18} aria-hidden="true" />
    </button>
  )
}
