import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'

/** Carries a request's id, in the request (from a trusted proxy) and in every answer. */
export const requestIdHeader = 'x-request-id'

interface RequestContext {
  readonly requestId: string
  /** Work that a request started may go on for hours; what it logs then is not of the request. */
  answered: boolean
}

const contexts = new AsyncLocalStorage<RequestContext>()

/** Returns the id for a request: a trusted proxy's own, if it has one in a usable form, else a new UUIDv7. */
export function requestIds(behindProxy: boolean): (message: IncomingMessage) => string {
  return ({ headers }) => {
    const given = behindProxy ? headers[requestIdHeader] : undefined
    return typeof given === 'string' && /^[\w.:=+/-]{1,128}$/.test(given) ? given : uuidv7()
  }
}

/** Answers every request with its id, which `requestLogFields` gives to whatever is logged until the answer is sent. */
export function identifyRequests(app: FastifyInstance): void {
  const known = new WeakMap<FastifyRequest, RequestContext>()
  const enter = (request: FastifyRequest, reply: FastifyReply): RequestContext => {
    const context = { requestId: request.id, answered: false }
    known.set(request, context)
    reply.header(requestIdHeader, request.id)
    reply.raw.once('close', () => (context.answered = true))
    return context
  }
  app.addHook('onRequest', (request, reply, done) => contexts.run(enter(request, reply), done))
  // A body is read by events of its connection, which lose the context.
  app.addHook('preValidation', (request, _reply, done) => {
    const context = known.get(request)
    if (context) contexts.run(context, done)
    else done()
  })
}

/** Logs every answer at level `debug`, by its route: a URL may hold the secret of a feed. */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, log } = request
    const milliseconds = Math.round(reply.elapsedTime)
    log.debug({ method, route: routeOptions.url, status: reply.statusCode, milliseconds }, 'answered')
  })
}

/** Fields for a line of the log: pino's `mixin`. A logger that has the id already, as a request's own, gets none. */
export function requestLogFields(_line: object, _level: number, logger: Logger): { requestId?: string } {
  const context = contexts.getStore()
  if (!context || context.answered || 'requestId' in logger.bindings()) return {}
  return { requestId: context.requestId }
}
