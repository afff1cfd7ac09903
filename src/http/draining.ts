import type { ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Answers under way when the server closes have so long, in milliseconds, to end: well within what `serve` waits. */
const drainTimeoutMs = 2000

/**
 * Waits, when the server closes, for the answers under way: connections are cut right after, and whoever is being told
 * `server.stopping` should hear it. Streams that go on are cut after a while.
 */
export function drainOnClose(app: FastifyInstance): void {
  const open = new Set<ServerResponse>()
  let drained: (() => void) | undefined
  app.addHook('onRequest', async (_request, { raw }) => {
    open.add(raw)
    raw.once('close', () => {
      open.delete(raw)
      if (open.size === 0) drained?.()
    })
  })
  app.addHook('preClose', async () => {
    if (open.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    drained = resolve
    const timer = setTimeout(resolve, drainTimeoutMs)
    await promise
    clearTimeout(timer)
  })
}
