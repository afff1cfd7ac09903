import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Failure } from '../../novel/failure.ts'
import { failureBody, failureStatus } from './failure-responses.ts'

/** Aborted when the answer has left, or its reader. */
export function disconnectSignal({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  if (raw.closed) closed.abort()
  else raw.once('close', () => closed.abort())
  return closed.signal
}

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

/** A body of which nothing has come for so long, in milliseconds, is given up. Slow ones that live may take hours. */
const defaultIdleTimeoutMs = 60_000

interface PendingBody {
  readonly message: IncomingMessage
  readonly reply: FastifyReply
  bytesRead: number
  /** Epoch milliseconds at which something came last. */
  lastActiveAt: number
}

/**
 * Gives up requests whose body stops coming (a sender without power or network sends no FIN): they are answered with
 * `request.stalled` and their connection is closed, so that neither sockets nor half received files pile up. A body that
 * this server itself does not take fast enough is not at fault.
 */
export function abortStalledBodies(app: FastifyInstance, idleTimeoutMs = defaultIdleTimeoutMs): void {
  const bodies = new Set<PendingBody>()
  let timer: NodeJS.Timeout | undefined
  const checkBodies = (): void => {
    const now = Date.now()
    for (const body of bodies) {
      const { message } = body
      if (message.complete) bodies.delete(body)
      else if (message.socket.bytesRead !== body.bytesRead || isBackpressured(message)) {
        body.bytesRead = message.socket.bytesRead
        body.lastActiveAt = now
      } else if (now - body.lastActiveAt >= idleTimeoutMs) {
        bodies.delete(body)
        abortBody(body, idleTimeoutMs)
      }
    }
    if (bodies.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
  app.addHook('onRequest', async ({ raw: message }, reply) => {
    if (message.complete) return
    const body = { message, reply, bytesRead: message.socket.bytesRead, lastActiveAt: Date.now() }
    bodies.add(body)
    reply.raw.once('close', () => bodies.delete(body))
    timer ??= setInterval(checkBodies, idleTimeoutMs / 10).unref()
  })
}

function abortBody({ message, reply }: PendingBody, idleTimeoutMs: number): void {
  const { raw } = reply
  if (raw.headersSent) {
    message.destroy()
    return
  }
  // Whatever the handler says when its body breaks off is too late.
  reply.hijack()
  const failure = new Failure('request.stalled', { seconds: Math.round(idleTimeoutMs / 1000) })
  raw.writeHead(failureStatus(failure), {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
  })
  raw.end(JSON.stringify(failureBody(failure)), () => message.destroy())
}

/** Whether what has come waits for this server to take it. */
function isBackpressured(message: IncomingMessage): boolean {
  return message.readableLength >= message.readableHighWaterMark || message.socket.isPaused()
}
