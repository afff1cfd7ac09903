import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'

/** Keys by which a reader scrolls. */
const scrollKeys = new Set(['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End'])
/** Milliseconds without a movement after which a reader has come to where he wants to be. */
const settled = 300

/**
 * Keeps the sentence that is heard in view, and leaves the page alone as soon as the reader scrolls: until the sentence
 * is in view again, or he asks to be taken back. `at` is the segment that is heard, if one of this text is.
 */
export function useFollow(text: RefObject<HTMLElement | null>, at: number | undefined) {
  /** Whether the reader looks elsewhere. */
  const [strayed, setStrayed] = useState(false)
  const reading = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const heard = useRef(at)
  useEffect(() => {
    heard.current = at
  }, [at])

  const settle = useCallback(() => {
    reading.current = false
    const sentence = sentenceOf(text.current, heard.current)
    setStrayed(sentence !== null && !isInView(sentence))
  }, [text])

  /** The reader moves the page himself. */
  const stray = useCallback(() => {
    reading.current = true
    clearTimeout(timer.current)
    timer.current = setTimeout(settle, settled)
  }, [settle])

  useEffect(() => {
    const press = ({ key, target }: KeyboardEvent): void => {
      if (scrollKeys.has(key) && !(target as Element).closest('input, select, textarea, .dock')) stray()
    }
    // What is pressed beside all that stands on the page is its scroll bar.
    const hold = ({ target }: PointerEvent): void => {
      if (target === document.documentElement) stray()
    }
    const goOn = (): void => {
      if (reading.current) stray()
    }
    addEventListener('wheel', stray, { passive: true })
    addEventListener('touchmove', stray, { passive: true })
    addEventListener('keydown', press)
    addEventListener('pointerdown', hold)
    addEventListener('scroll', goOn, { passive: true })
    return () => {
      clearTimeout(timer.current)
      removeEventListener('wheel', stray)
      removeEventListener('touchmove', stray)
      removeEventListener('keydown', press)
      removeEventListener('pointerdown', hold)
      removeEventListener('scroll', goOn)
    }
  }, [stray])

  useEffect(() => {
    if (at === undefined || strayed || reading.current) return undefined
    // In the next frame: a new page is first brought to its top.
    const frame = requestAnimationFrame(() => {
      const sentence = sentenceOf(text.current, at)
      if (sentence && !isInView(sentence)) bringIntoView(sentence)
    })
    return () => cancelAnimationFrame(frame)
  }, [text, at, strayed])

  const back = useCallback(() => {
    reading.current = false
    setStrayed(false)
  }, [])
  return { strayed: strayed && at !== undefined, stray, back }
}

function sentenceOf(text: HTMLElement | null, at: number | undefined): HTMLElement | null {
  return at === undefined ? null : (text?.querySelector<HTMLElement>(`[data-segment="${at}"]`) ?? null)
}

/** Top and bottom of what can be read: the player lies over the page's foot. */
function readable(): { top: number; bottom: number } {
  return {
    top: 24,
    bottom: (document.querySelector('.dock')?.getBoundingClientRect().top ?? innerHeight) - 24,
  }
}

function isInView(sentence: Element): boolean {
  const view = readable()
  const { top, bottom } = sentence.getBoundingClientRect()
  // Of one that is longer than the view its beginning is enough.
  return top >= view.top && Math.min(bottom, top + (view.bottom - view.top) / 2) <= view.bottom
}

function bringIntoView(sentence: Element): void {
  const view = readable()
  const way = sentence.getBoundingClientRect().top - view.top - (view.bottom - view.top) * 0.25
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  scrollBy({ top: way, behavior: calm || Math.abs(way) > innerHeight * 1.5 ? 'instant' : 'smooth' })
}
