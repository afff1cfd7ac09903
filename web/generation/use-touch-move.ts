import { type DragEvent, type MouseEvent, type PointerEvent, useEffect, useRef } from 'react'
import type { Destination } from './order-of-queue.ts'

/** Pixels after which a touch is a movement, … */
const slack = 6
/** … and from the edges of the screen within which the page scrolls along, so far in each frame. */
const [edge, scrollStep] = [72, 8]

interface Movement {
  readonly id: string
  readonly pointer: number
  readonly list: HTMLElement
  /** Where in the page it began. */
  readonly from: number
  /** Where in the window the finger is. */
  y: number
  begun: boolean
  to: { readonly id: string; readonly side: 'before' | 'after' } | undefined
}

/**
 * Moves the rows of a list (`data-work`: the id of each) by a finger on their handles, at once: what browsers have for it
 * begins after a long press, and on some not at all.
 */
export function useTouchMove(onMove: (id: string, to: Destination) => void) {
  const movement = useRef<Movement>(undefined)
  const frame = useRef(0)
  const end = (): void => {
    const { current } = movement
    movement.current = undefined
    cancelAnimationFrame(frame.current)
    if (current) clear(current.list)
  }
  const leave = useRef(end)
  useEffect(() => leave.current, [])

  const follow = (): void => {
    const { current } = movement
    if (!current?.begun) return
    const { y } = current
    const height = document.documentElement.clientHeight
    if (y < edge) scrollBy(0, -scrollStep)
    else if (y > height - edge) scrollBy(0, scrollStep)
    show(current)
    frame.current = requestAnimationFrame(follow)
  }

  return {
    // A button keeps what it hears of presses to itself.
    onPointerDownCapture: (event: PointerEvent<HTMLElement>): void => {
      const handle = (event.target as Element).closest('.queue-handle')
      const id = handle?.closest<HTMLElement>('[data-work]')?.dataset['work']
      // A screen reader's press, which has no size, begins a drag of its own.
      if (id === undefined || event.pointerType === 'mouse' || event.width === 0 || movement.current?.begun)
        return
      const [list, from] = [event.currentTarget, event.clientY + scrollY]
      movement.current = {
        id,
        pointer: event.pointerId,
        list,
        from,
        y: event.clientY,
        begun: false,
        to: undefined,
      }
    },
    onPointerMoveCapture: (event: PointerEvent<HTMLElement>): void => {
      const { current } = movement
      if (current?.pointer !== event.pointerId) return
      current.y = event.clientY
      if (current.begun || Math.abs(current.y + scrollY - current.from) < slack) return
      current.begun = true
      current.list.setPointerCapture(current.pointer)
      follow()
    },
    onPointerUpCapture: (event: PointerEvent<HTMLElement>): void => {
      const { current } = movement
      if (current?.pointer !== event.pointerId) return
      if (current.begun) show(current)
      end()
      const { id, to } = current
      if (current.begun && to) onMove(id, to.side === 'before' ? { before: to.id } : { after: to.id })
    },
    onPointerCancelCapture: end,
    onDragStartCapture: (event: DragEvent): void => letBe(event, movement.current),
    onContextMenu: (event: MouseEvent): void => letBe(event, movement.current),
  }
}

/** What a long press would begin besides. */
function letBe(event: DragEvent | MouseEvent, movement: Movement | undefined): void {
  if (!movement) return
  event.preventDefault()
  event.stopPropagation()
}

/** Lays the row under the finger, and marks where it would go. */
function show(movement: Movement): void {
  const { id, list, from, y } = movement
  const rows = [...list.querySelectorAll<HTMLElement>('[data-work]')]
  const own = rows.find(({ dataset }) => dataset['work'] === id)
  clear(list)
  movement.to = undefined
  if (!own) return
  own.style.translate = `0 ${y + scrollY - from}px`
  own.toggleAttribute('data-moved', true)
  const others = rows.filter((row) => row !== own)
  const middle = middleOf(own)
  const below = others.find((row) => middleOf(row) > middle)
  const target = below ?? others.at(-1)
  // Beside itself it stays where it is.
  const next = rows[rows.indexOf(own) + 1]
  const stays = below ? below === next : next === undefined
  if (!target || stays) return
  const side = below ? 'before' : 'after'
  target.dataset['drop'] = side
  movement.to = { id: target.dataset['work'] ?? '', side }
}

function middleOf(row: HTMLElement): number {
  const { top, height } = row.getBoundingClientRect()
  return top + height / 2
}

function clear(list: HTMLElement): void {
  for (const row of list.querySelectorAll<HTMLElement>('[data-work]')) {
    row.style.translate = ''
    row.removeAttribute('data-moved')
    delete row.dataset['drop']
  }
}
