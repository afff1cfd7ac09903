import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { OwnScroll } from './own-scroll.ts'

/** Keys by which a reader scrolls. */
const scrollKeys = new Set(['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End'])
/** Milliseconds without a movement after which a reader has come to where he wants to be. */
const settled = 300

/**
 * Keeps the sentence that is heard in view, and leaves the page alone as soon as the reader scrolls: until the sentence
 * is in view again, whether he came to it or the voice to him, or he asks to be taken back. `at` is the segment that is
 * heard, if one of this text is.
 */
export function useFollow(text: RefObject<HTMLElement | null>, at: number | undefined) {
  /** Whether the reader looks elsewhere. */
  const [strayed, setStrayed] = useState(false)
  const reading = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const own = useRef<OwnScroll>(undefined)
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
    own.current = new OwnScroll(room())
    const move = ({ target }: Event): void => {
      if (!isInDock(target)) stray()
    }
    const press = ({ key, target }: KeyboardEvent): void => {
      if (scrollKeys.has(key) && !isInDock(target) && !isField(target)) stray()
    }
    // What is pressed beside all that stands on the page is its scroll bar.
    const hold = ({ target }: PointerEvent): void => {
      if (target === document.documentElement) stray()
    }
    const scrolled = (): void => {
      if (!own.current?.explains(scrollY, room()) || reading.current) stray()
    }
    addEventListener('wheel', move, { passive: true })
    addEventListener('touchmove', move, { passive: true })
    addEventListener('keydown', press)
    addEventListener('pointerdown', hold)
    addEventListener('scroll', scrolled, { passive: true })
    return () => {
      clearTimeout(timer.current)
      removeEventListener('wheel', move)
      removeEventListener('touchmove', move)
      removeEventListener('keydown', press)
      removeEventListener('pointerdown', hold)
      removeEventListener('scroll', scrolled)
    }
  }, [stray])

  useEffect(() => {
    if (at === undefined || reading.current) return undefined
    // In the next frame: a new page is first brought to its top.
    const frame = requestAnimationFrame(() => {
      const sentence = sentenceOf(text.current, at)
      if (!sentence) return
      // The voice may have come to what the reader looks at, who is followed again then.
      if (isInView(sentence)) setStrayed(false)
      else if (!strayed) {
        clearTimeout(timer.current)
        reading.current = false
        const way = wayTo(sentence)
        own.current?.start(scrollY, scrollY + way, room())
        scrollPage(way)
      }
    })
    return () => cancelAnimationFrame(frame)
  }, [text, at, strayed])

  /** To the voice. The focus goes to its sentence, since what was pressed goes away. */
  const back = useCallback(() => {
    clearTimeout(timer.current)
    reading.current = false
    setStrayed(false)
    sentenceOf(text.current, heard.current)?.focus({ preventScroll: true })
  }, [text])
  return { strayed: strayed && at !== undefined, stray, back }
}

/** By how many pixels the page can be scrolled in all. */
function room(): number {
  return document.documentElement.scrollHeight - innerHeight
}

/** In the player, and in a dialog, nobody reads: there a finger drags the needle. */
function isInDock(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.dock, .veil') !== null
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null
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

/** Pixels by which the page is to be scrolled so that a sentence stands where it is read well. */
function wayTo(sentence: Element): number {
  const view = readable()
  return sentence.getBoundingClientRect().top - view.top - (view.bottom - view.top) * 0.25
}

function scrollPage(way: number): void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  scrollBy({ top: way, behavior: calm || Math.abs(way) > innerHeight * 1.5 ? 'instant' : 'smooth' })
}
