import { setTimeout as delay } from 'node:timers/promises'
import { S3ServiceError } from 's3mini'
import { ObjectStoreError } from '../object-store.ts'

const firstPauseMs = 200
const longestPauseMs = 3000
/** Until the response begins. A part of 8 MB over a slow line takes a minute. */
const answerLimitMs = { read: 30_000, write: 120_000 }
/** Overloaded, failed, or not there at the moment. */
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * `fetch` that repeats a request, which must have a body that can be sent twice, for `patience` milliseconds after a
 * network error or a passing failure of the server.
 */
export function persistentFetch(patience: number): typeof fetch {
  return async (input, init) => {
    const kind = init?.method === 'GET' || init?.method === 'HEAD' ? 'read' : 'write'
    const end = Date.now() + patience
    for (let pause = firstPauseMs; ; pause = Math.min(longestPauseMs, pause * 2)) {
      const isLast = Date.now() + pause >= end
      try {
        const response = await fetchWithin(answerLimitMs[kind], input, init)
        if (isLast || !passingStatuses.has(response.status)) return response
        await response.body?.cancel()
      } catch (error) {
        if (isLast) throw error
      }
      await delay(pause * (0.75 + Math.random() / 2))
    }
  }
}

/** The limit is for the head of the response only. */
async function fetchWithin(
  ms: number,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  const stopping = new AbortController()
  const timer = setTimeout(() => stopping.abort(new Error(`no answer within ${ms / 1000} s`)), ms)
  try {
    return await fetch(input, { ...init, ...streamedBody(init), signal: stopping.signal })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Bytes as a stream of one chunk: `fetch` copies other bodies twice, which is most of the garbage of a server that stores
 * hundreds of clips a second. Only where their number is in the headers, or they would be sent in chunks.
 */
function streamedBody(init: RequestInit | undefined): Pick<RequestInit, 'body'> & { duplex?: 'half' } {
  const body = init?.body
  if (!(body instanceof Uint8Array) || !new Headers(init?.headers).has('content-length')) return {}
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(body)
      controller.close()
    },
  })
  return { body: stream, duplex: 'half' }
}

const fullCodes = new Set<string | undefined>([
  'InsufficientCapacity',
  'InsufficientStorage',
  'QuotaExceeded',
  'XMinioStorageFull',
  'XMinioAdminBucketQuotaExceeded',
])

/** HTTP status of an S3 failure; `undefined` for another error. */
export function s3Status(error: unknown): number | undefined {
  return error instanceof S3ServiceError ? error.status : undefined
}

/** The error as a sentence with what to do about it. `store`: as in the settings, without keys. */
export function asObjectStoreError(error: unknown, store: string): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error
  const status = s3Status(error)
  const code = error instanceof S3ServiceError ? error.serviceCode : undefined
  const detail = code !== undefined && code !== 'Unknown' ? `${status} ${code}` : reasonOf(error)
  const reason =
    status === 507 || fullCodes.has(code)
      ? 'full'
      : status === undefined || passingStatuses.has(status)
        ? 'unreachable'
        : 'refused'
  const verb = { full: 'is full', unreachable: 'cannot be reached', refused: 'refuses a request' }[reason]
  return new ObjectStoreError(reason, `the object store ${store} ${verb}: ${detail}`, { cause: error })
}

/** `fetch failed` hides its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? reasonOf(cause) : error.message || error.name
}
