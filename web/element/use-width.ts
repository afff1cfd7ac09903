import { type RefObject, useLayoutEffect, useState } from 'react'

/** The width of an element in CSS pixels; 0 before it is in the page. */
export function useWidth(room: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = room.current
    if (!element) return undefined
    const measure = (): void => setWidth(element.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [room])
  return width
}
