import { expect, test } from 'vitest'
import { randomFrom } from '../../test/fixtures/speech-like.ts'
import { compareInQueue, type InQueue, orderAfterMove, placeInQueue } from './queue-order.ts'

const now = Date.UTC(2026, 10, 29, 12)

function asked(id: number, agoMs: number, priority = 0): InQueue {
  return { id: String(id).padStart(4, '0'), priority, createdAt: new Date(now - agoMs).toISOString() }
}

function moved(queue: readonly InQueue[], from: number, index: number) {
  const others = queue.toSpliced(from, 1)
  const changes = new Map(orderAfterMove(others, queue[from]!, index, now).map((each) => [each.id, each]))
  const after = queue.map((each) => ({ ...each, ...changes.get(each.id) })).toSorted(compareInQueue)
  return { after, changes, wanted: others.toSpliced(index, 0, queue[from]!).map(({ id }) => id) }
}

const ids = (queue: readonly InQueue[]) => queue.map(({ id }) => id)

test.each([1, 2, 3])('seed %i: whatever is moved wherever, the order is the wanted one', (seed) => {
  const random = randomFrom(seed)
  const upTo = (count: number) => Math.floor(random() * count)
  // Many in one minute, as by a program, and others hours apart.
  let queue = Array.from({ length: 40 }, (_, id) =>
    asked(id, random() < 0.5 ? upTo(30) * 1000 : upTo(9_000_000), random() < 0.2 ? 10 : 0),
  ).toSorted(compareInQueue)
  for (let move = 0; move < 300; move++) {
    const from = upTo(queue.length)
    const { after, changes, wanted } = moved(queue, from, upTo(queue.length))
    expect(ids(after)).toEqual(wanted)
    const at = wanted.indexOf(queue[from]!.id)
    // Runs of a queue are told apart by priority and minutes alone.
    if (changes.size > 0)
      for (const [index, other] of after.entries()) {
        if (index === at || other.priority !== after[at]!.priority) continue
        const difference = placeInQueue(other) - placeInQueue(after[at]!)
        expect(Math.sign(difference)).toBe(Math.sign(index - at))
      }
    // What is asked for next comes last, but for those that were asked for in the same minute.
    const next = asked(9999, 0)
    expect(after.filter((each) => each.priority === 0 && compareInQueue(next, each) < 0)).toEqual([])
    queue = after
  }
})

test('a move stores one row where there is room, and few where there is none', () => {
  const apart = Array.from({ length: 500 }, (_, id) => asked(id, (500 - id) * 600_000))
  expect([...moved(apart, 400, 0).changes.keys()]).toEqual(['0400'])
  expect([...moved(apart, 0, 250).changes.keys()]).toEqual(['0000'])
  expect([...moved(apart, 0, 499).changes.keys()]).toEqual(['0000'])
  expect(moved(apart, 7, 7).changes.size).toBe(0)
  const together = Array.from({ length: 500 }, (_, id) => asked(id, 1000 - id))
  expect(moved(together, 499, 0).changes.size).toBe(1)
  const first = moved(together, 499, 200)
  expect(first.changes.size).toBe(201)
  // Those that had to move have room now.
  expect(moved(first.after, 450, 100).changes.size).toBe(1)
})

test('a move among other priorities takes the neighbour’s, and back it takes the old one', () => {
  const queue = [asked(1, 5000, 10), asked(2, 4000, 10), asked(3, 3000), asked(4, 2000)]
  const up = moved(queue, 3, 0)
  expect(up.after.map(({ id, priority }) => [id, priority])).toEqual([
    ['0004', 10],
    ['0001', 10],
    ['0002', 10],
    ['0003', 0],
  ])
  expect(moved(up.after, 0, 3).after.at(-1)).toMatchObject({ id: '0004', priority: 0 })
  // Between two priorities it keeps its own.
  expect(moved(queue, 3, 2).after[2]).toMatchObject({ id: '0004', priority: 0 })
})
