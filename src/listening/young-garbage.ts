import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Collects what was made lately. V8 counts the few bytes that stand for a buffer on its own heap and lets 64 MB of the
 * buffers themselves pile up before it looks: with a book of 40 hours that was all of the memory that sending it took.
 * A collection of the young takes a millisecond or two.
 */
export const collectYoungGeneration: () => void = (() => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: { type: 'minor'; execution: 'sync' }) => void
  return () => gc({ type: 'minor', execution: 'sync' })
})()
