import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Failure } from '../../novel/failure.ts'
import { failureBody, failureStatus } from './failure-responses.ts'
import { requestIdHeader } from './request-ids.ts'

/** A signal that is aborted when the response has been sent or the client has disconnected. */
export function disconnectSignal({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  if (raw.closed) closed.abort()
  else raw.once('close', () => closed.abort())
  return closed.signal
}

/** How long open responses may take to finish when the server closes: well below the shutdown time-out of `serve`. */
const drainTimeoutMs = 2000
/** So often it is looked whether they have; not the clock is read, as nothing is sent while the machine stands still. */
const drainChecks = 20

/**
 * When the server closes, waits up to 2 s for open responses, because connections are destroyed right after: clients
 * should receive the `server.stopping` that they are being sent. Longer streams are cut off.
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
    let checks = 0
    const timer = setInterval(() => ++checks >= drainChecks && resolve(), drainTimeoutMs / drainChecks)
    await promise
    clearInterval(timer)
  })
}

/** Idle time-out of a request body. There is no limit on its total time: a slow upload may take hours. */
const defaultIdleTimeoutMs = 60_000

interface PendingBody {
  readonly message: IncomingMessage
  readonly reply: FastifyReply
  bytesRead: number
  /** Checks in a row that found nothing new. */
  idleChecks: number
}

/** Within an idle time-out. */
const checksPerTimeout = 10

/**
 * Aborts requests whose body stalls (a client that loses power or network sends no FIN): answers `request.stalled` and
 * closes the connection, so that neither sockets nor partial uploads accumulate. A body held up by this server's own
 * backpressure does not count as stalled. Checks are counted, not time: what came while the server itself stood still (a
 * suspended machine, a busy one) is read between two of them.
 */
export function abortStalledBodies(app: FastifyInstance, idleTimeoutMs = defaultIdleTimeoutMs): void {
  const bodies = new Set<PendingBody>()
  let timer: NodeJS.Timeout | undefined
  const checkBodies = (): void => {
    for (const body of bodies) {
      const { message } = body
      if (message.complete) bodies.delete(body)
      else if (message.socket.bytesRead !== body.bytesRead || isBackpressured(message)) {
        body.bytesRead = message.socket.bytesRead
        body.idleChecks = 0
      } else if (++body.idleChecks >= checksPerTimeout) {
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
    const body = { message, reply, bytesRead: message.socket.bytesRead, idleChecks: 0 }
    bodies.add(body)
    reply.raw.once('close', () => bodies.delete(body))
    timer ??= setInterval(checkBodies, idleTimeoutMs / checksPerTimeout).unref()
  })
}

function abortBody({ message, reply }: PendingBody, idleTimeoutMs: number): void {
  const { raw } = reply
  if (raw.headersSent) {
    message.destroy()
    return
  }
  // The handler's own response to the aborted body is ignored.
  reply.hijack()
  const failure = new Failure('request.stalled', { seconds: Math.round(idleTimeoutMs / 1000) })
  raw.writeHead(failureStatus(failure), {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    [requestIdHeader]: reply.request.id,
  })
  raw.end(JSON.stringify(failureBody(failure)), () => message.destroy())
}

/** What of a body is read after its answer; where more comes, the connection is closed instead. */
const mostDrainedBytes = 16 * 1024 * 1024

/**
 * Reads what is left of a body that was answered before its end (an upload that is too large, or in another field): a client that
 * has sent all of it sends its next request on the same connection, which would wait behind the rest until that is given up.
 */
export function drainAnsweredBodies(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ raw: message }) => {
    if (message.complete || message.destroyed) return
    // Node itself reads the rest only where nobody has begun to.
    message.unpipe()
    let drained = 0
    message.on('data', (bytes: Uint8Array) => {
      drained += bytes.length
      if (drained > mostDrainedBytes) message.socket.destroy()
    })
    message.resume()
  })
}

/** Whether received data waits for this server to read it. */
function isBackpressured(message: IncomingMessage): boolean {
  return message.readableLength >= message.readableHighWaterMark || message.socket.isPaused()
}
