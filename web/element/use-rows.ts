import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'

interface Rows {
  readonly count: number
  /** Height of a row in pixels. */
  readonly height: (at: number) => number
  readonly keyOf: (at: number) => string | number
}

/** The rows of a long list that are in sight, while the page itself scrolls. */
export function useRows({ count, height, keyOf }: Rows) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = (): void => setTop(list.current?.offsetTop ?? 0)
    measure()
    // What stands above the list grows and shrinks with the body.
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [])
  // The React Compiler, for which this is a warning, is not used here.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: height,
    getItemKey: keyOf,
    overscan: 12,
    scrollMargin: top,
  })
  useLayoutEffect(() => virtual.measure(), [virtual, height])
  return {
    list,
    items: virtual.getVirtualItems(),
    total: virtual.getTotalSize(),
    /** Brings a row into the middle of the window. */
    show: (at: number) => virtual.scrollToIndex(at, { align: 'center' }),
    place: (item: VirtualItem) => ({
      height: item.size,
      transform: `translateY(${item.start - top}px)`,
    }),
  }
}
