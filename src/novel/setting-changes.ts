/** A setting after a change: `null` removes it, `undefined` keeps what there was. */
export function keptOrChanged<T>(before: T | undefined, change: T | null | undefined): T | undefined {
  return change === undefined ? before : (change ?? undefined)
}
