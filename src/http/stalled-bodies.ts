import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Failure } from '../novel/failure.ts'
import { bodyOf, statusOf } from './failures.ts'

/** A body of which nothing has come for so long, in milliseconds, is given up. Slow ones that live may take hours. */
const standardPatience = 60_000

interface Body {
  readonly message: IncomingMessage
  readonly reply: FastifyReply
  bytesRead: number
  /** Epoch milliseconds at which something came last. */
  livedAt: number
}

/**
 * Gives up requests whose body stops coming (a sender without power or network sends no FIN): they are answered with
 * `request.stalled` and their connection is closed, so that neither sockets nor half received files pile up. A body that
 * this server itself does not take fast enough is not at fault.
 */
export function giveUpStalledBodies(app: FastifyInstance, patience = standardPatience): void {
  const bodies = new Set<Body>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    const now = Date.now()
    for (const body of bodies) {
      const { message } = body
      if (message.complete) bodies.delete(body)
      else if (message.socket.bytesRead !== body.bytesRead || isFull(message)) {
        body.bytesRead = message.socket.bytesRead
        body.livedAt = now
      } else if (now - body.livedAt >= patience) {
        bodies.delete(body)
        giveUp(body, patience)
      }
    }
    if (bodies.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
  app.addHook('onRequest', async ({ raw: message }, reply) => {
    if (message.complete) return
    const body = { message, reply, bytesRead: message.socket.bytesRead, livedAt: Date.now() }
    bodies.add(body)
    reply.raw.once('close', () => bodies.delete(body))
    timer ??= setInterval(look, patience / 10).unref()
  })
}

function giveUp({ message, reply }: Body, patience: number): void {
  const { raw } = reply
  if (raw.headersSent) {
    message.destroy()
    return
  }
  // Whatever the handler says when its body breaks off is too late.
  reply.hijack()
  const failure = new Failure('request.stalled', { seconds: Math.round(patience / 1000) })
  raw.writeHead(statusOf(failure), { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
  raw.end(JSON.stringify(bodyOf(failure)), () => message.destroy())
}

/** Whether what has come waits for this server to take it. */
function isFull(message: IncomingMessage): boolean {
  return message.readableLength >= message.readableHighWaterMark || message.socket.isPaused()
}
