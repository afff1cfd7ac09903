import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { type SelectedWord, selectedWord } from './selected-word.ts'

/** Milliseconds without a change after which a selection stands. */
const settled = 300

/** The word that is selected in a text, with the mouse, by the keyboard, or held with a finger, and what looks again. */
export function useSelectedWord(
  text: RefObject<HTMLElement | null>,
): readonly [selected: SelectedWord | undefined, look: () => void] {
  const [selected, setSelected] = useState<SelectedWord>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const look = useCallback((): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setSelected(selectedWord(text.current)), settled)
  }, [text])
  useEffect(() => {
    // It stands at a place of the screen, from which the words scroll away; whoever is in the card by the keyboard stays.
    const away = (): void => {
      if (document.activeElement?.closest('.word-card')) look()
      else setSelected(undefined)
    }
    document.addEventListener('selectionchange', look)
    addEventListener('scroll', away, { passive: true })
    return () => {
      clearTimeout(timer.current)
      document.removeEventListener('selectionchange', look)
      removeEventListener('scroll', away)
    }
  }, [look])
  return [selected, look]
}
