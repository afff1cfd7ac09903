import { Client } from 'pg'
import { vi } from 'vitest'

interface WatchedConnections extends Disposable {
  /** What connections to Postgres were asked, and `answer` for each answer, in the order of time. */
  readonly events: readonly string[]
}

export function watchConnections(): WatchedConnections {
  const events: string[] = []
  const { query } = Client.prototype
  const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args) {
    const [asked] = args as unknown as [string | { text: string }]
    events.push(typeof asked === 'string' ? asked : asked.text)
    const answer = (query as (...all: unknown[]) => unknown).apply(this, args)
    const note = () => void events.push('answer')
    if (answer instanceof Promise) answer.then(note, note)
    return answer as undefined
  })
  return { events, [Symbol.dispose]: () => spy.mockRestore() }
}

/** How often something was asked for after an answer was waited for: ways to Postgres and back, one after the other. */
export async function waysOf(work: () => Promise<unknown>): Promise<number> {
  using watched = watchConnections()
  await work()
  const { events } = watched
  return events.filter((event, at) => event !== 'answer' && (at === 0 || events[at - 1] === 'answer')).length
}
