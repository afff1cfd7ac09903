import type { z } from 'zod'
import { done } from '../../http/contract/field-contract.ts'
import {
  clipAnswer,
  heartbeatAnswer,
  joinedMachine,
  leaseAnswer,
} from '../../http/contract/speaker-contract.ts'
import { clipFrameType } from '../../http/protocol/clip-frame.ts'
import type {
  Heartbeat,
  HeartbeatAnswer,
  JoinedMachine,
  LeaseAnswer,
  LeaseFailure,
  MachineIntroduction,
  SegmentLease,
} from '../../jobs/scheduler/segment-scheduler.ts'
import { Failure } from '../../novel/failure.ts'
import { ApiError } from '../api-client.ts'
import { KeptConnections, type WholeResponse } from './kept-connections.ts'
import { connectionErrorMessage } from '../../storage/download/http-request.ts'

/** The server takes up to a minute to store a clip. */
const clipTimeoutMs = 75_000
const requestTimeoutMs = 20_000

/** Whether the same request may be answered otherwise later: nobody answers, or the server cannot at the moment. */
export function isTransient(error: unknown): boolean {
  if (error instanceof Failure) return error.code === 'server.unreachable'
  return error instanceof ApiError && (error.status >= 500 || error.status === 408 || error.status === 429)
}

interface Request {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly json?: object
  readonly clip?: Uint8Array<ArrayBuffer>
  readonly timeoutMs?: number
  readonly signal: AbortSignal
}

/**
 * The requests of a speaker machine to its server. Each throws `ApiError`, `server.unreachable`, or the signal's reason;
 * all of them may be sent again. Of several servers the next is asked once one does not answer.
 */
export class LeaseClient {
  readonly #servers: readonly URL[]
  readonly #token: string
  readonly #connections = new KeptConnections()
  #current = 0

  constructor(servers: readonly string[], token: string) {
    this.#servers = servers.map((server) => new URL(server.replace(/\/*$/, '/')))
    this.#token = token
  }

  /** The server that is asked at present; its path ends in a slash. */
  get server(): URL {
    return this.#servers[this.#current]!
  }

  /** Where voices' files are, by their SHA-256, with the headers that they need. */
  get files(): { readonly address: URL; readonly headers: Readonly<Record<string, string>> } {
    return { address: new URL('api/speakers/files', this.server), headers: this.#headers }
  }

  get #headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.#token}` }
  }

  async join(machine: MachineIntroduction, signal: AbortSignal): Promise<JoinedMachine> {
    const answer = await this.#ask(joinedMachine, { method: 'POST', path: '', json: machine, signal })
    return answer.speaker
  }

  async lease(
    machine: string,
    {
      slot,
      waitSeconds,
      signal,
    }: { readonly slot: number; readonly waitSeconds: number; readonly signal: AbortSignal },
  ): Promise<LeaseAnswer> {
    const { lease, state } = await this.#ask(leaseAnswer, {
      method: 'POST',
      path: `/${machine}/leases`,
      json: { slot, wait: waitSeconds },
      timeoutMs: waitSeconds * 1000 + requestTimeoutMs,
      signal,
    })
    return { state, ...(lease && { lease: lease as SegmentLease }) }
  }

  /** `frame`: of the clip. Resolves when it is durable, with what the slot is to speak next if that is known. */
  async complete(
    lease: string,
    frame: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<SegmentLease | undefined> {
    const { next } = await this.#ask(clipAnswer, {
      method: 'PUT',
      path: `/leases/${lease}/clip`,
      clip: frame,
      timeoutMs: clipTimeoutMs,
      signal,
    })
    return (next ?? undefined) as SegmentLease | undefined
  }

  async fail(lease: string, failure: LeaseFailure, signal: AbortSignal): Promise<void> {
    await this.#ask(done, { method: 'POST', path: `/leases/${lease}/failure`, json: failure, signal })
  }

  async heartbeat(machine: string, heartbeat: Heartbeat, signal: AbortSignal): Promise<HeartbeatAnswer> {
    return this.#ask(heartbeatAnswer, {
      method: 'POST',
      path: `/${machine}/heartbeat`,
      json: heartbeat,
      signal,
    })
  }

  async leave(machine: string, signal: AbortSignal): Promise<void> {
    await this.#ask(done, { method: 'DELETE', path: `/${machine}`, signal })
  }

  async #ask<Answer extends z.ZodType>(answer: Answer, request: Request): Promise<z.infer<Answer>> {
    const { server } = this
    try {
      const response = await this.#send(server, request)
      const body = parseJson(response.body)
      const isOk = response.status >= 200 && response.status < 300
      const parsed = answer.safeParse(body)
      if (isOk && parsed.success) return parsed.data
      if (!isOk && isFailureAnswer(body)) throw new ApiError(response.status, body)
      // Cut off, or not Nightjar's own words: a proxy before it.
      throw unreachable(server, `its answer (status ${response.status}) cannot be read`)
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      if (error instanceof Failure && server === this.server) {
        this.#current = (this.#current + 1) % this.#servers.length
      }
      throw error
    }
  }

  async #send(
    server: URL,
    { method, path, json, clip, timeoutMs = requestTimeoutMs, signal }: Request,
  ): Promise<WholeResponse> {
    const body = json === undefined ? clip : JSON.stringify(json)
    const type = json === undefined ? clipFrameType : 'application/json'
    try {
      return await this.#connections.send(new URL(`api/speakers${path}`, server), {
        method,
        headers: { ...this.#headers, ...(body !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      })
    } catch (cause) {
      const { cause: inner = cause } = cause as { cause?: unknown }
      throw unreachable(server, connectionErrorMessage(inner), { cause })
    }
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function unreachable(server: URL, detail: string, options?: ErrorOptions): Failure {
  return new Failure('server.unreachable', { address: server.origin, detail }, options)
}

function isFailureAnswer(body: unknown): body is { readonly code: string; readonly error: string } {
  return typeof body === 'object' && body !== null && 'code' in body && 'error' in body
}
