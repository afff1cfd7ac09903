import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ProxyOptions {
  /** Where the server is that it stands before. */
  readonly target: string
  /** The path below which it shows the server, and which it takes away before it asks. */
  readonly prefix?: string
  /** What it tells the server of the one who asks; `Host` is the server's own, as proxies send it by themselves. */
  headers?(asked: IncomingHttpHeaders): Readonly<Record<string, string>>
  /** How it spoils the answer to a request, as a bad network does; `undefined`: not. */
  disturb?(asked: IncomingMessage): Disturbance | undefined
}

interface Disturbance {
  /** Bytes of the body after which nothing more comes; 0: not even the head. */
  readonly after: number
  /** Whether the connection breaks or stays. */
  readonly ending: 'cut' | 'hang'
}

/** A reverse proxy as people put one before their servers: it passes everything on, as it comes. */
export async function reverseProxy({ target, prefix = '', headers, disturb }: ProxyOptions) {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/'
    if (!path.startsWith(prefix)) return void outgoing.writeHead(404).end('this is another service')
    const asked = request(new URL(path.slice(prefix.length) || '/', target), {
      method: incoming.method,
      headers: { ...incoming.headers, host: new URL(target).host, ...headers?.(incoming.headers) },
    })
    const disturbance = disturb?.(incoming)
    asked.on('response', (answer) => {
      if (disturbance) return spoil(answer, outgoing, disturbance)
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      outgoing.flushHeaders()
      answer.pipe(outgoing)
    })
    asked.on('error', () => outgoing.destroy())
    outgoing.on('close', () => asked.destroy())
    return void incoming.pipe(asked)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function spoil(answer: IncomingMessage, outgoing: ServerResponse, { after, ending }: Disturbance): void {
  let left = after
  if (left > 0) outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
  answer.on('data', (chunk: Buffer) => {
    if (left > 0) outgoing.write(chunk.subarray(0, left))
    left -= chunk.length
    if (left <= 0 && ending === 'cut') outgoing.socket?.destroySoon()
  })
}
