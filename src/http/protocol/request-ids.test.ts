import { setTimeout as wait } from 'node:timers/promises'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { identifyRequests, requestIds, requestLogFields } from './request-ids.ts'

interface Line {
  readonly msg: string
  readonly requestId?: string
}

/** A server that logs by the program's logger, as the parts do that know of no request. */
async function startServer(behindProxy = false) {
  const lines: Line[] = []
  const log = pino(
    { mixin: requestLogFields },
    { write: (line) => void lines.push(JSON.parse(line) as Line) },
  )
  const loggerInstance: FastifyBaseLogger = log.child({})
  const app = fastify({
    loggerInstance,
    genReqId: requestIds(behindProxy),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
  })
  identifyRequests(app)
  const background = Promise.withResolvers<void>()
  app.post('/', async (request, reply) => {
    log.info('begun')
    await wait(5)
    log.info('in the middle')
    request.log.info('by the request')
    void new Promise((resolve) => reply.raw.once('close', resolve))
      .then(() => wait(5))
      .then(() => log.info('long after'))
      .then(() => background.resolve())
    return 'done'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  return {
    lines,
    background: background.promise,
    post: (headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ some: 'body' }),
      }),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

test('whatever is logged until the answer is sent has the id of the request, once', async () => {
  await using server = await startServer()
  const id = (await server.post()).headers.get('x-request-id')
  expect(id).toMatch(/^[\da-f-]{36}$/)
  await server.background
  const ids = Object.fromEntries(server.lines.map(({ msg, requestId }) => [msg, requestId]))
  expect(ids).toMatchObject({ begun: id, 'in the middle': id, 'by the request': id })
  expect(Object.keys(ids)).toContain('long after')
  expect(ids['long after']).toBeUndefined()
})

test('a client’s own id counts only from a trusted proxy, and only in a usable form', async () => {
  await using open = await startServer()
  expect((await open.post({ 'x-request-id': 'mine' })).headers.get('x-request-id')).not.toBe('mine')
  await using proxied = await startServer(true)
  expect((await proxied.post({ 'x-request-id': 'mine' })).headers.get('x-request-id')).toBe('mine')
  const long = await proxied.post({ 'x-request-id': 'x'.repeat(129) })
  expect(long.headers.get('x-request-id')).toHaveLength(36)
})
