import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

const sound = { voice: 'odd:hum' }

test('what a request costs does not grow with what waits', async () => {
  // Nothing is handed out, so that only the requests read and write.
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
    // What is done behind the answer counts too.
    await application.dispatcher.dispatch()
    return statements - before
  }
  const chapter = (number: number) => api.generate(novel.id, [number], sound)
  const costs = async (first: number) => {
    // What was asked before is told every quarter of a second, and has been then.
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
  // The first request of all also finds the novel its voice.
  await chapter(60)
  const few = await costs(1)
  for (let number = 2; number <= 50; number++) await chapter(number)
  expect(application.activeGenerations.all().length).toBe(51)
  const many = await costs(51)
  // Which of two readers of the same counts comes first is chance; to read all that waits would be fifty more.
  for (const [verb, count] of Object.entries(many)) {
    expect(count, verb).toBeGreaterThan(0)
    expect(count, verb).toBeLessThan(few[verb as keyof typeof few] + 10)
  }
})
