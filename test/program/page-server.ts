import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A server of the web on loopback, with what is put at its paths. */
export async function pageServer(pages: Readonly<Record<string, Answer>> = {}) {
  const paths = new Map(Object.entries(pages))
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://any/')
    asked.push(pathname)
    const answer = paths.get(pathname)
    if (answer) answer(response, request)
    else response.writeHead(404).end('no such page')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    at: (path: string) => `http://127.0.0.1:${port}${path}`,
    /** Paths, in the order in which they were asked for. */
    asked,
    put: (path: string, answer: Answer) => void paths.set(path, answer),
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

/** Answers with bytes of a type. */
export function page(
  body: string | Uint8Array,
  type = 'text/html; charset=utf-8',
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (response) => response.writeHead(200, { 'content-type': type, ...headers }).end(body)
}
