import { useCallback, useMemo, useRef, useState } from 'react'
import type { ReviewedChapter } from '../../src/http/contract/review-contract.ts'
import { select } from '../novel/selection.ts'

const nothing: ReadonlySet<number> = new Set()

/** The chapters that are selected, by number; when the chapters change, numbers mean others and none is. */
export function useSelection(order: readonly number[], chapters: readonly ReviewedChapter[]) {
  const names = useMemo(
    () => chapters.map(({ title, characters }) => `${title} ${characters}`).join('\n'),
    [chapters],
  )
  const [known, setKnown] = useState({ names, numbers: nothing })
  const selected = known.names === names ? known.numbers : nothing
  const anchor = useRef<number>(undefined)
  const setSelected = useCallback((numbers: ReadonlySet<number>) => setKnown({ names, numbers }), [names])
  const change = useCallback(
    (make: (now: ReadonlySet<number>) => ReadonlySet<number>) =>
      setKnown((now) => ({ names, numbers: make(now.names === names ? now.numbers : nothing) })),
    [names],
  )
  const all = useMemo(() => chapters.map(({ number }) => number), [chapters])
  const onSelect = useCallback(
    (number: number, on: boolean, range: boolean) => {
      const from = range ? anchor.current : undefined
      change((now) => select(now, { order, all }, number, on, from))
      anchor.current = number
    },
    [order, all, change],
  )
  const selectAll = useCallback(
    (numbers: readonly number[], on: boolean) =>
      change((now) => {
        const next = new Set(now)
        for (const number of numbers)
          if (on) next.add(number)
          else next.delete(number)
        return next
      }),
    [change],
  )
  return { selected, setSelected, onSelect, selectAll }
}
