import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

const sound = { voice: 'odd:hum' }

test('the cost of a request does not grow with the number of pending generations', async () => {
  // No work is started, so that only the requests access the database.
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const { novel } = await api.add(longStory(60, 3), 'story.txt')
  let statements = 0
  const executor = application.db.getExecutor()
  const execute = executor.executeQuery.bind(executor)
  executor.executeQuery = (query) => {
    statements++
    return execute(query)
  }
  const cost = async (ask: () => Promise<unknown>): Promise<number> => {
    const before = statements
    await ask()
    // Work after the response counts too.
    await application.dispatcher.dispatch()
    return statements - before
  }
  const chapter = (number: number) => api.generate(novel.id, [number], sound)
  const costs = async (first: number) => {
    // Events of earlier requests are published every 250 ms, and have been by then.
    await wait(600)
    const fresh = await cost(() => chapter(first))
    const again = await cost(() => chapter(first))
    const id = await chapter(first)
    const [pause, resume, retry] = [
      await cost(() => api.post(`/api/worker/progress/${id}/pause`, {})),
      await cost(() => api.post(`/api/worker/progress/${id}/resume`, {})),
      await cost(() => api.post(`/api/worker/progress/${id}/retry`, {})),
    ]
    return { fresh, again, pause, resume, retry }
  }
  // The very first request also resolves the novel's voice.
  await chapter(60)
  const few = await costs(1)
  for (let number = 2; number <= 50; number++) await chapter(number)
  expect(application.activeGenerations.all().length).toBe(51)
  const many = await costs(51)
  // Which of two readers fills the counts cache first varies; reading all pending generations would take fifty more.
  for (const [verb, count] of Object.entries(many)) {
    expect(count, verb).toBeGreaterThan(0)
    expect(count, verb).toBeLessThan(few[verb as keyof typeof few] + 10)
  }
})
