import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Queue } from '../src/http/contract/generation-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const sound = { voice: 'odd:hum' }
const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))

function move(api: Api, progressId: string, body: unknown): Promise<Response> {
  return api.fetch(`/api/worker/progress/${progressId}/place`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function orderOf(api: Api): Promise<string> {
  const { order, running, waiting } = await api.json<Queue>('/api/worker/queue')
  expect([...running, ...waiting].map(({ id }) => id).toSorted()).toEqual(order.toSorted())
  return order.join()
}

test('the queue is put in another order, whoever does so at the same time, and what is finished says so', async () => {
  // No work is started, so that the queue stays as it is.
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(longStory(5, 3), 'story.txt')
  const ids: string[] = []
  for (const number of [1, 2, 3, 4, 5]) ids.push(await api.generate(novel.id, [number], sound))
  // Generations are scheduled behind their answers.
  await here.application.dispatcher.dispatch()
  const [a, b, c, d, e] = ids as [string, string, string, string, string]
  expect(await orderOf(api)).toBe([a, b, c, d, e].join())
  const answer = await move(api, c, { before: a })
  expect([answer.status, await answer.json()]).toEqual([200, { success: true, order: [c, a, b, d, e] }])
  expect((await move(api, c, { after: b })).status).toBe(200)
  expect(await orderOf(api)).toBe([a, b, c, d, e].join())
  await Promise.all([move(api, a, { at: 'bottom' }), move(api, e, { at: 'top' })])
  expect(await orderOf(api)).toBe([e, b, c, d, a].join())
  // Two devices move the same: one after the other, and nothing is lost.
  await Promise.all([move(api, c, { at: 'bottom' }), move(api, c, { at: 'top' })])
  expect([[c, e, b, d, a].join(), [e, b, d, a, c].join()]).toContain(await orderOf(api))
  await move(api, c, { at: 'top' })
  // Next to one that is over: where that stood.
  expect((await api.post(`/api/worker/progress/${b}/cancel`, {})).status).toBe(200)
  expect((await move(api, a, { before: b })).status).toBe(200)
  expect(await orderOf(api)).toBe([c, e, a, d].join())
  // What is asked for later comes last.
  const again = await api.generate(novel.id, [2], sound)
  await here.application.dispatcher.dispatch()
  expect(await orderOf(api)).toBe([c, e, a, d, again].join())

  const unknown = '01990000-0000-7000-8000-000000000000'
  for (const [id, body, status, code] of [
    [b, { at: 'top' }, 409, 'generation.over'],
    [unknown, { at: 'top' }, 404, 'generation.unknown'],
    [c, { before: unknown }, 404, 'generation.unknown'],
    [c, { before: a, after: d }, 400, undefined],
    [c, {}, 400, undefined],
  ] as const) {
    const refused = await move(api, id, body)
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      status,
      code ?? expect.any(String),
    ])
  }
  expect(await orderOf(api)).toBe([c, e, a, d, again].join())
})

test('what is moved to the top is spoken next, and the order survives kill -9', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program], speakers: 1 })
  let ids: string[]
  {
    await using server = await start()
    const { novel } = await server.add(longStory(3, 400), 'story.txt')
    ids = []
    for (const number of [1, 2, 3]) ids.push(await server.generate(novel.id, [number], sound))
    await server.until(ids[0]!, ({ segmentsDone }) => segmentsDone > 2)
    expect((await move(server, ids[2]!, { at: 'top' })).status).toBe(200)
    await server.kill()
  }
  await using server = await start()
  const [first, second, third] = ids as [string, string, string]
  expect(await orderOf(server)).toBe([third, first, second].join())
  await server.until(third, ({ segmentsDone }) => segmentsDone > 10)
  const before = await server.progress(first)
  await server.until(third, ({ segmentsDone }) => segmentsDone > 60)
  // At most what was handed out when it was moved.
  expect((await server.progress(first)).segmentsDone).toBeLessThanOrEqual(before.segmentsDone + 2)
  expect((await server.progress(second)).segmentsDone).toBe(0)
})
