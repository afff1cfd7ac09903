import { type ReactNode, useMemo, useRef } from 'react'
import { ribbonPaths, type Tick } from './ribbon-model.ts'
import { useWidth } from './use-width.ts'
import './ribbon.css'

interface RibbonProps {
  readonly ticks: readonly Tick[]
  /** What it says to those who do not see it; left out where the words stand beside it. */
  readonly label?: string
  readonly height?: number
  /** The widest room of one tick in CSS pixels; `Infinity` stretches few ticks over the whole width. */
  readonly slot?: number
  readonly children?: ReactNode
}

/** The motif of the house: a thin tick for each segment, pale, breathing, filled or red; with a foot where it was heard. */
export function Ribbon({ ticks, label, height = 14, slot = 5, children }: RibbonProps) {
  const room = useRef<HTMLDivElement>(null)
  const width = useWidth(room)
  const paths = useMemo(() => ribbonPaths(ticks, { width, height, slot }), [ticks, width, height, slot])
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <div className="ribbon" ref={room} style={{ height }}>
      <svg className="ribbon-ticks" width={paths.width} height={height} {...naming}>
        <path className="waiting" d={paths.waiting} />
        <path className="spoken" d={paths.spoken} />
        <path className="speaking" d={paths.speaking} />
        <path className="set-aside" d={paths.setAside} />
        <path className="heard" d={paths.heard} />
      </svg>
      {children}
    </div>
  )
}
