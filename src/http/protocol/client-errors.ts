import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Failure } from '../../novel/failure.ts'
import { failureBody, failureStatus } from './failure-responses.ts'
import { securityHeaders } from './request-security.ts'

/** Seconds within which Node wants the headers of a request. */
const headersSeconds = 60
/** Node's code for headers that are too long, which have a status of their own (RFC 6585, 5). */
const headersOverflow = 'HPE_HEADER_OVERFLOW'

/** Answers what Node could not read as a request, as every failure is answered, and ends the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const failure = asFailure(error)
  const status = error.code === headersOverflow ? 431 : failureStatus(failure)
  const body = JSON.stringify(failureBody(failure))
  const headers = {
    ...securityHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines].join('\r\n')
  if (socket.writable) socket.write(`${head}\r\n\r\n${body}`)
  socket.destroySoon()
}

function asFailure({ code }: NodeJS.ErrnoException): Failure {
  if (code === headersOverflow) return new Failure('request.too-long')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Failure('request.stalled', { seconds: headersSeconds })
  return new Failure('request.invalid', { detail: 'it is not HTTP' })
}
