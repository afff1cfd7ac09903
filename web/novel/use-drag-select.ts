import { type PointerEvent, useRef } from 'react'

/**
 * Selects the chapters over whose boxes a mouse is drawn, as the first of them becomes by it. A finger scrolls instead.
 */
export function useDragSelect(
  selected: ReadonlySet<number>,
  onSelect: (number: number, on: boolean, range: boolean) => void,
) {
  const drag = useRef<{ readonly from: number; readonly on: boolean; at: number }>(undefined)
  return {
    onPointerDown: (event: PointerEvent): void => {
      const number = chapterOf(event)
      drag.current =
        number === undefined || event.pointerType !== 'mouse'
          ? undefined
          : { from: number, on: !selected.has(number), at: number }
    },
    onPointerOver: (event: PointerEvent): void => {
      const { current } = drag
      if (!current) return
      if (event.buttons !== 1) {
        drag.current = undefined
        return
      }
      const number = chapterOf(event)
      if (number === undefined || number === current.at) return
      if (current.at === current.from) onSelect(current.from, current.on, false)
      current.at = number
      onSelect(number, current.on, true)
    },
  }
}

/** The chapter whose box is under the pointer. */
function chapterOf({ target }: PointerEvent): number | undefined {
  const row = (target as Element)
    .closest('.chapter-select, .review-select')
    ?.closest<HTMLElement>('[data-number]')
  return row ? Number(row.dataset['number']) : undefined
}
