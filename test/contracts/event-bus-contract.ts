import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ApplicationEvent, EventBus } from '../../src/jobs/event-bus.ts'

interface OpenEventBus {
  readonly bus: EventBus
  /** The errors that it logged. */
  readonly logged: readonly unknown[]
  /** Resolves when everything published so far has been delivered. */
  delivered(): Promise<void>
  close(): Promise<void>
}

/** What every event bus promises, as tests. */
export function eventBusContract(name: string, open: () => Promise<OpenEventBus>): void {
  describe(`the event bus ${name}`, () => {
    let here: OpenEventBus
    beforeEach(async () => {
      here = await open()
    })
    afterEach(() => here.close())

    const event = (id: string | number): ApplicationEvent => ({ kind: 'progress', id: String(id) })
    const publish = (...ids: readonly (string | number)[]): void => {
      for (const id of ids) here.bus.publish(event(id))
    }
    /** The ids of the events that reach a new subscription. */
    const received = (): string[] => {
      const ids: string[] = []
      here.bus.subscribe((each) => ids.push('id' in each ? each.id : ''))
      return ids
    }

    test('delivers each event once to each subscriber, in order', async () => {
      publish('before')
      const [one, two] = [received(), received()]
      publish(1, 2, 3)
      await here.delivered()
      expect(one).toEqual(['1', '2', '3'])
      expect(two).toEqual(['1', '2', '3'])
    })

    test('counts a listener that subscribes twice as two', async () => {
      let calls = 0
      const listener = (): void => void calls++
      const first = here.bus.subscribe(listener)
      using _ = here.bus.subscribe(listener)
      publish(1)
      await here.delivered()
      expect(calls).toBe(2)
      first[Symbol.dispose]()
      publish(2)
      await here.delivered()
      expect(calls).toBe(3)
    })

    test('survives a listener that throws: it is logged, and stops neither the publisher nor the others', async () => {
      const before = received()
      const error = new Error('a listener broke')
      using _ = here.bus.subscribe(() => {
        throw error
      })
      const after = received()
      publish(1, 2)
      await here.delivered()
      expect([before, after]).toEqual([
        ['1', '2'],
        ['1', '2'],
      ])
      expect(here.logged).toEqual([error, error])
    })

    test('delivers nothing after a subscription is disposed of, even within a delivery', async () => {
      const ids: string[] = []
      here.bus.subscribe(() => second[Symbol.dispose]())
      const second = here.bus.subscribe(() => ids.push('disposed'))
      const third = received()
      publish(1, 2)
      await here.delivered()
      expect(ids).toEqual([])
      expect(third).toEqual(['1', '2'])
      second[Symbol.dispose]()
    })

    test('lets a listener subscribe others, which get the events that follow', async () => {
      const later: string[] = []
      const first = here.bus.subscribe(() => {
        first[Symbol.dispose]()
        here.bus.subscribe((each) => later.push('id' in each ? each.id : ''))
      })
      publish(1, 2)
      await here.delivered()
      expect(later).toEqual(['2'])
    })

    test('keeps the order when a listener publishes', async () => {
      here.bus.subscribe((each) => {
        if ('id' in each && each.id === '1') publish('1 again')
      })
      const ids = received()
      publish(1)
      publish(2)
      await here.delivered()
      expect(ids.indexOf('1')).toBeLessThan(ids.indexOf('1 again'))
      expect(ids.toSorted()).toEqual(['1', '1 again', '2'])
    })

    test('loses none of 10,000 events in a burst', async () => {
      const ids = received()
      const sent = Array.from({ length: 10_000 }, (_, index) => String(index))
      publish(...sent)
      await here.delivered()
      expect(ids).toEqual(sent)
    })
  })
}
