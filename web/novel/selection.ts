/**
 * Ticks or unticks a chapter; with an anchor (shift) all between the two as well. `order` are the numbers as they
 * stand in the list.
 */
export function select(
  selected: ReadonlySet<number>,
  order: readonly number[],
  number: number,
  on: boolean,
  anchor?: number,
): ReadonlySet<number> {
  const from = anchor === undefined ? -1 : order.indexOf(anchor)
  const to = order.indexOf(number)
  const range = from < 0 ? [number] : order.slice(Math.min(from, to), Math.max(from, to) + 1)
  const next = new Set(selected)
  for (const each of range) {
    if (on) next.add(each)
    else next.delete(each)
  }
  return next
}
