import { t } from '@lingui/core/macro'
import { figure } from '../element/figure-words.ts'

/**
 * Ticks or unticks a chapter; with an anchor (shift) all between the two as well: of those in the list, `order`, if the
 * anchor stands there too, else of the whole book, `all`. Each are places in reading order.
 */
export function select(
  selected: ReadonlySet<number>,
  { order, all }: { order: readonly number[]; all: readonly number[] },
  number: number,
  on: boolean,
  anchor?: number,
): ReadonlySet<number> {
  const list = anchor !== undefined && order.includes(anchor) ? order : all
  const from = anchor === undefined ? -1 : list.indexOf(anchor)
  const to = list.indexOf(number)
  const range = from < 0 ? [number] : list.slice(Math.min(from, to), Math.max(from, to) + 1)
  const next = new Set(selected)
  for (const each of range) {
    if (on) next.add(each)
    else next.delete(each)
  }
  return next
}

/** What the box says that ticks all; `found`: how many a search has found that can be spoken. */
export function selectWords(selected: number, found: number | undefined): string {
  if (selected > 0) return t`${figure(selected)} selected`
  if (found === undefined) return t`Select all`
  return found === 0 ? t`Nothing found to select` : t`Select the ${figure(found)} found`
}
