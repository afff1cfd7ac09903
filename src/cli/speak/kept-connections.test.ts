import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { KeptConnections } from './kept-connections.ts'

let server: Server | undefined

afterEach(() => server?.closeAllConnections())
afterEach(() => server?.close())

const headers = { 'content-type': 'application/octet-stream' }
const never = new AbortController().signal

/** Answers each request with its body, or as `answer` does. */
async function serve(answer: (count: number, body: Buffer, response: ServerResponse) => void): Promise<URL> {
  let requests = 0
  server = createServer((request, response) => {
    const count = ++requests
    void buffer(request).then((body) => answer(count, body, response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

test('one connection carries one request after the other, with the bytes as they are', async () => {
  const ports = new Set<number | undefined>()
  const url = await serve((_, body, response) => {
    ports.add(response.socket?.remotePort)
    response.end(body)
  })
  const connections = new KeptConnections()
  for (const body of [new Uint8Array([0, 255, 7]), new Uint8Array(100_000).fill(3), 'đọc']) {
    const answer = await connections.send(url, { method: 'PUT', headers, body, signal: never })
    expect(answer).toEqual({ status: 200, body: Buffer.from(body as string) })
  }
  expect(ports.size).toBe(1)
})

test('a request that meets a connection just closed by the server is sent on a new one', async () => {
  const url = await serve((count, body, response) => {
    if (count === 2) response.socket?.destroy()
    else response.end(body)
  })
  const connections = new KeptConnections()
  const send = (body: string) => connections.send(url, { method: 'PUT', headers, body, signal: never })
  await send('first')
  expect((await send('second')).body.toString()).toBe('second')
})

test('a server that hangs up on a new connection, and a signal, end the request with their reasons', async () => {
  const url = await serve((count, _, response) => {
    if (count === 1) response.socket?.destroy()
  })
  const connections = new KeptConnections()
  const send = (signal: AbortSignal) => connections.send(url, { method: 'POST', headers, body: '{}', signal })
  await expect(send(never)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(send(AbortSignal.timeout(50))).rejects.toMatchObject({ cause: { name: 'TimeoutError' } })
})
