import type { FastifyReply } from 'fastify'

/** Aborted when the answer has left, or its reader. */
export function disconnectSignal({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  if (raw.closed) closed.abort()
  else raw.once('close', () => closed.abort())
  return closed.signal
}
