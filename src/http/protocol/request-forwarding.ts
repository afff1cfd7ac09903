import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerDirectory } from '../../jobs/servers/server-directory.ts'
import { serverOfUuid } from '../../jobs/servers/server-ids.ts'
import { Failure } from '../../novel/failure.ts'
import { clipFrameType } from './clip-frame.ts'
import { disconnectSignal } from './connection-lifetime.ts'
import { requestIdHeader } from './request-ids.ts'

/** Names the server that passed a request on; such a request goes no further. */
const forwardedBy = 'nightjar-forwarded-by'

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: Buffer
}

/**
 * A hook for routes whose path names a machine (`id`) or a lease (`lease`): what belongs to another server is asked of
 * that server, with the same token and body, and its answer passed back. `Host` and `Origin` were checked here. Where
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
    const signal = AbortSignal.any([disconnectSignal(reply), closing])
    try {
      const { status, type, body } = await ask(request, address, { by: servers.id, signal })
      return reply.code(status).type(type).send(body)
    } catch (error) {
      if (closing.aborted) throw new Failure('server.stopping', {}, { cause: error })
      request.log.info({ err: error, owner, address }, 'the server of a machine does not answer')
      return undefined
    }
  }
}

/** Asks twice where a connection breaks: all of these requests may be repeated, and a kept connection may have been closed. */
async function ask(
  request: FastifyRequest,
  address: string,
  { by, signal }: { readonly by: string; readonly signal: AbortSignal },
): Promise<Answer> {
  const url = new URL(request.url, address)
  const { body, method } = request
  const { authorization } = request.headers
  const bytes = body instanceof Uint8Array
  const init = {
    method,
    headers: {
      'accept-encoding': 'identity',
      [forwardedBy]: by,
      [requestIdHeader]: request.id,
      ...(authorization !== undefined && { authorization }),
      ...(body !== undefined &&
        body !== null && { 'content-type': bytes ? clipFrameType : 'application/json' }),
    },
    ...(body !== undefined &&
      body !== null && { body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    redirect: 'error',
    signal,
  } as const
  const response = await fetch(url, init).catch((error: unknown) => {
    signal.throwIfAborted()
    if (!isBroken(error)) throw error
    return fetch(url, init)
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? 'application/json',
    body: Buffer.from(await response.arrayBuffer()),
  }
}

/** Whether a connection that had been made ended without an answer. */
function isBroken(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET'
}
