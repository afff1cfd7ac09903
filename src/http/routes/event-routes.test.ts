import { expect, test } from 'vitest'
import { EventLog } from './event-routes.ts'

test('who comes back with the last id gets exactly what was missed', () => {
  const log = new EventLog()
  const [first] = [1, 2, 3].map((n) => log.add('segment', { n }))
  expect(log.since(first?.id)?.map(({ text }) => text.match(/\{.*\}/)?.[0])).toEqual(['{"n":2}', '{"n":3}'])
})

test('an id of another run, or one long gone, is not known', () => {
  const log = new EventLog()
  const first = log.add('segment', {})
  for (let n = 0; n < 4000; n++) log.add('segment', {})
  expect(log.since(first.id)).toBeUndefined()
  expect(log.since('another-1')).toBeUndefined()
  expect(log.since(undefined)).toBeUndefined()
})
