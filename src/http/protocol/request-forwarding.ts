import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerDirectory } from '../../jobs/servers/server-directory.ts'
import { serverOfUuid } from '../../jobs/servers/server-ids.ts'
import { Failure } from '../../novel/failure.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import { clipFrameType } from './clip-frame.ts'
import { disconnectSignal } from './connection-lifetime.ts'
import { requestIdHeader } from './request-ids.ts'

/** Names the server that passed a request on; such a request goes no further. */
const forwardedBy = 'nightjar-forwarded-by'

/**
 * A hook for routes whose path names a machine (`id`) or a lease (`lease`): what belongs to another server is asked of
 * that server, with the same token or session and body, and its answer passed back. `Host` and `Origin` were checked here. Where
 * that server is gone the route's handler answers, which knows nothing of the id either. `closing`: this server stops;
 * waiting requests end with `server.stopping`.
 */
export function forwardToOwner(servers: ServerDirectory, closing: AbortSignal) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const { id, lease = id } = request.params as { readonly id?: string; readonly lease?: string }
    if (lease === undefined || request.headers[forwardedBy] !== undefined) return undefined
    const owner = serverOfUuid(lease)
    if (owner === servers.id) return undefined
    const address = await servers.addressOf(owner)
    if (address === undefined) return undefined
    using other = whileAlive(servers, owner)
    const signal = AbortSignal.any([disconnectSignal(reply), closing, other.signal])
    try {
      const response = await ask(request, address, { by: servers.id, signal })
      const body = Buffer.from(await response.arrayBuffer())
      return reply.code(response.status).type(typeOf(response)).send(body)
    } catch (error) {
      if (closing.aborted) throw new Failure('server.stopping', {}, { cause: error })
      request.log.info({ err: error, owner, address }, 'the server of a machine does not answer')
      return undefined
    }
  }
}

/**
 * A hook for routes that have a text spoken at once. Where no worker and no machine speaks for this server, another that
 * has some is asked, and its answer passed back as it comes; if it dies or freezes before it answers, the next one. Where
 * none is left, the route's handler says so.
 */
export function forwardToSpeakers(
  { servers, pool }: { readonly servers: ServerDirectory; readonly pool: Pick<WorkerPool, 'state'> },
  closing: AbortSignal,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (pool.state.state !== 'empty' || request.headers[forwardedBy] !== undefined) return undefined
    const left = AbortSignal.any([disconnectSignal(reply), closing])
    for (const { id, address } of await servers.speakingServers()) {
      const other = whileAlive(servers, id)
      try {
        const signal = AbortSignal.any([left, other.signal])
        const response = await ask(request, address, { by: servers.id, signal })
        const body = response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([])
        body.once('close', () => other[Symbol.dispose]())
        for (const name of ['cache-control', 'retry-after', 'x-accel-buffering']) {
          const value = response.headers.get(name)
          if (value !== null) reply.header(name, value)
        }
        return reply.code(response.status).type(typeOf(response)).send(body)
      } catch (error) {
        other[Symbol.dispose]()
        if (closing.aborted) throw new Failure('server.stopping', {}, { cause: error })
        request.log.info({ err: error, address }, 'the server that has speakers does not answer')
        if (left.aborted) return undefined
      }
    }
    return undefined
  }
}

function typeOf(response: Response): string {
  return response.headers.get('content-type') ?? 'application/json'
}

/** How often it is looked whether a server that is being asked still lives. */
const lookMs = 1000

/** `signal` is aborted when a server has not been heard of: one that is frozen keeps its connections, and never answers. */
function whileAlive(servers: ServerDirectory, id: string): Disposable & { readonly signal: AbortSignal } {
  const gone = new AbortController()
  const look = async (): Promise<void> => {
    if ((await servers.addressOf(id)) === undefined) gone.abort(new Error('the server is gone'))
  }
  // While the database does not answer nobody knows.
  const timer = setInterval(() => void look().catch(() => undefined), lookMs).unref()
  return { signal: gone.signal, [Symbol.dispose]: () => clearInterval(timer) }
}

/** Asks twice where a connection breaks: all of these requests may be repeated, and a kept connection may have been closed. */
async function ask(
  request: FastifyRequest,
  address: string,
  { by, signal }: { readonly by: string; readonly signal: AbortSignal },
): Promise<Response> {
  const url = new URL(request.url, address)
  const { body, method } = request
  const { authorization, cookie } = request.headers
  const bytes = body instanceof Uint8Array
  const init = {
    method,
    headers: {
      'accept-encoding': 'identity',
      [forwardedBy]: by,
      [requestIdHeader]: request.id,
      ...(authorization !== undefined && { authorization }),
      // That it came from this server's own page was checked here.
      ...(cookie !== undefined && { cookie, 'sec-fetch-site': 'same-origin' }),
      ...(body !== undefined &&
        body !== null && { 'content-type': bytes ? clipFrameType : 'application/json' }),
    },
    ...(body !== undefined &&
      body !== null && { body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    redirect: 'error',
    signal,
  } as const
  return fetch(url, init).catch((error: unknown) => {
    signal.throwIfAborted()
    if (!isBroken(error)) throw error
    return fetch(url, init)
  })
}

/** Whether a connection that had been made ended without an answer. */
function isBroken(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET'
}
