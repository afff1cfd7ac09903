import type { FastifyInstance } from 'fastify'
import { Failure } from '../novel/failure.ts'

/** Lets requests in and returns the address for this machine. Throws `server.port-taken`. */
export async function listen(
  app: FastifyInstance,
  { HOST, PORT }: { readonly HOST: string; readonly PORT: number },
): Promise<string> {
  try {
    await app.listen({
      host: HOST,
      port: PORT,
      listenTextResolver: (address) => `the door is open at ${address}`,
    })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new Failure('server.port-taken', { port: PORT }, { cause })
    }
    throw cause
  }
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound ? bound.port : PORT
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
