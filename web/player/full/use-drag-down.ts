import { type PointerEvent, useRef } from 'react'

/** Pixels, or pixels in a millisecond, by which a sheet that is drawn down is closed. */
const [far, fast] = [140, 0.6]

/** Draws the full player down by a part of it, and closes it when it was drawn far enough, or quickly. */
export function useDragDown(onClose: () => void) {
  const from = useRef<{ readonly y: number; readonly at: number }>(undefined)
  const drawn = ({ clientY }: PointerEvent): number => Math.max(0, clientY - (from.current?.y ?? clientY))
  const place = ({ currentTarget }: PointerEvent<HTMLElement>, y: number): void => {
    const sheet = currentTarget.closest<HTMLElement>('.player-sheet')
    sheet?.style.setProperty('translate', y === 0 ? null : `0 ${y}px`)
    sheet?.toggleAttribute('data-drawn', y > 0)
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if ((event.target as Element).closest('button, a')) return
      from.current = { y: event.clientY, at: event.timeStamp }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      if (from.current) place(event, drawn(event))
    },
    onPointerUp: (event: PointerEvent<HTMLElement>): void => {
      if (!from.current) return
      const y = drawn(event)
      const speed = y / Math.max(1, event.timeStamp - from.current.at)
      from.current = undefined
      if (y > far || (y > 24 && speed > fast)) onClose()
      else place(event, 0)
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>): void => {
      from.current = undefined
      place(event, 0)
    },
  }
}
