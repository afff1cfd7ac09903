import { expect, test } from 'vitest'
import { EventLog } from './event-log.ts'

test('a client that reconnects with its last id gets exactly the events that it missed', () => {
  const log = new EventLog()
  const [first] = [1, 2, 3].map((n) => log.add('segment', { n }))
  expect(log.since(first?.id)?.map(({ text }) => text.match(/\{.*\}/)?.[0])).toEqual(['{"n":2}', '{"n":3}'])
})

test('an id of another server run, or one that was evicted, is unknown', () => {
  const log = new EventLog()
  const first = log.add('segment', {})
  for (let n = 0; n < 4000; n++) log.add('segment', {})
  expect(log.since(first.id)).toBeUndefined()
  expect(log.since('another-1')).toBeUndefined()
  expect(log.since(undefined)).toBeUndefined()
})
