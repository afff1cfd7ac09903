import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import { type Marks, noMarks } from '../element/ribbon-model.ts'
import { soundKey } from '../keys.ts'

/** What is being spoken or was set aside in each chapter, by `soundKey`, after these events. */
export function marksWith(before: Map<string, Marks>, events: readonly SegmentEvent[]): Map<string, Marks> {
  const touched = new Map<string, Map<number, 'speaking' | 'set-aside'>>()
  for (const event of events) {
    const key = soundKey(event)
    const marks = touched.get(key) ?? new Map(before.get(key) ?? noMarks)
    touched.set(key, marks)
    if (event.state === 'speaking' || event.state === 'set-aside') marks.set(event.index, event.state)
    else marks.delete(event.index)
  }
  if (touched.size === 0) return before
  const all = new Map(before)
  for (const [key, marks] of touched) {
    if (marks.size > 0) all.set(key, marks)
    else all.delete(key)
  }
  return all
}
