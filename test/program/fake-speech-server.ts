import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** The JSON that came; `undefined` if none did. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

/** How the server answers a request. */
export type Answer = (response: ServerResponse, heard: Heard) => void

/** A speech server in this process, on a port of its own, that answers however it is told to. */
export interface OddSpeechServer extends AsyncDisposable {
  /** As it is entered: with `/v1`. */
  readonly address: string
  readonly heard: readonly Heard[]
  /** Connections that are open. */
  readonly connections: number
  /** Answers the next requests like this, the last of them again and again. */
  answer(...answers: Answer[]): void
  /** Ends it, with all its connections; nothing listens at its address any more. */
  close(): Promise<void>
}

export async function oddSpeechServer(...first: Answer[]): Promise<OddSpeechServer> {
  const heard: Heard[] = []
  const sockets = new Set<unknown>()
  let answers = first
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const { method = '', url: path = '', headers } = request
      const said = { method, path, headers, body: text === '' ? undefined : JSON.parse(text) } as Heard
      heard.push(said)
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      answer?.(response, said)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    heard,
    get connections() {
      return sockets.size
    },
    answer: (...next) => {
      answers = next
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export type Headers = Readonly<Record<string, string | number>>

/** Sends the bytes, with their length unless `headers` say otherwise. */
export function sends(body: Uint8Array | string, headers: Headers = {}, status = 200): Answer {
  return (response) => {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
  }
}

export function sendsJson(status: number, body: unknown, headers: Headers = {}): Answer {
  return sends(JSON.stringify(body), { 'content-type': 'application/json', ...headers }, status)
}

export function redirects(status: number, location: string): Answer {
  return sends('', { location }, status)
}

/** Takes the request and never says a word. */
export const hangs: Answer = () => undefined

/** Sends `body`, then neither more nor the end. */
export function stallsAfter(body: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200).write(body)
  }
}

/** Says the whole length, sends the first bytes and hangs up. */
export function breaksOff(body: Uint8Array, after: number): Answer {
  return (response) => {
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.subarray(0, after), () => response.destroy())
  }
}

/** Chunked, without the chunk that ends it. */
export function breaksOffChunked(body: Uint8Array): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'audio/wav', 'transfer-encoding': 'chunked' })
    response.write(body, () => response.destroy())
  }
}

/** Neither a length nor chunks: the end of the connection is the end of the answer, as with HTTP/1.0. */
export function endsByClosing(body: Uint8Array): Answer {
  return (response) => {
    response.socket?.end(
      Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\ncontent-type: audio/wav\r\n\r\n'), body]),
    )
  }
}

/** Hangs up on the request. */
export const hangsUp: Answer = (response) => {
  response.destroy()
}

/** Speaks another protocol. */
export const speaksNonsense: Answer = (response) => {
  response.socket?.end('220 mail.example ESMTP\r\n')
}
