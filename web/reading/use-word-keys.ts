import { type RefObject, useEffect } from 'react'
import { announce } from '../element/announce.ts'
import { singleKeys } from '../player/single-keys.ts'
import { wordsOf } from './selected-word.ts'
import { SegmentText } from './text-range.ts'

/**
 * In the sentence that has the focus `w` selects its first word, then one after the other, with Shift the one before; Enter
 * goes from there to what can be done with the word, Escape back to the sentence.
 */
export function useWordKeys(
  text: RefObject<HTMLElement | null>,
  language: string,
  onEnter: () => void,
): void {
  useEffect(() => {
    const section = text.current
    if (!section) return undefined
    let last: { readonly segment: number; readonly word: number } | undefined

    function step(segment: number, by: number): void {
      const place = new SegmentText(section!, segment)
      const words = wordsOf(place.text, language)
      const word = last?.segment === segment && isSelected() ? last.word + by : by > 0 ? 0 : words.length - 1
      const [start, end] = words[Math.min(words.length - 1, Math.max(0, word))] ?? []
      const range = document.createRange()
      if (
        start === undefined ||
        end === undefined ||
        !place.select(range, place.start + start, place.start + end)
      )
        return
      last = { segment, word: Math.min(words.length - 1, Math.max(0, word)) }
      getSelection()?.removeAllRanges()
      getSelection()?.addRange(range)
      announce(place.text.slice(start, end))
    }

    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      const sentence = (event.target as Element).closest<HTMLElement>('[data-segment]')
      if (!sentence) return
      if (event.key.toLowerCase() === 'w' && singleKeys.allowed)
        step(Number(sentence.dataset['segment']), event.shiftKey ? -1 : 1)
      else if (event.key === 'Enter' && isSelected()) onEnter()
      else if (event.key === 'Escape' && isSelected()) getSelection()?.empty()
      else return
      event.preventDefault()
    }
    section.addEventListener('keydown', press)
    return () => section.removeEventListener('keydown', press)
  }, [text, language, onEnter])
}

function isSelected(): boolean {
  return getSelection()?.isCollapsed === false
}
