import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { persistentFetch } from './s3-request.ts'

test('bytes are sent whole, with their number, and again after a passing failure', async () => {
  const received: { headers: IncomingHttpHeaders; body: Buffer }[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ headers: request.headers, body: await buffer(request) })
    response.writeHead(received.length === 1 ? 503 : 200).end()
  }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const body = Buffer.alloc(300_000, 'clip')
    const { port } = server.address() as AddressInfo
    const response = await persistentFetch(10_000)(`http://127.0.0.1:${port}/`, {
      method: 'PUT',
      headers: { 'content-length': String(body.length) },
      body,
    })
    expect(response.status).toBe(200)
    expect(received.map((each) => each.body.equals(body))).toEqual([true, true])
    for (const { headers } of received) {
      expect(headers['content-length']).toBe('300000')
      expect(headers['transfer-encoding']).toBeUndefined()
    }
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
