import { stat } from 'node:fs/promises'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { FailureAnswer } from '../http/contract/field-contract.ts'
import { Failure } from '../novel/failure.ts'
import { httpGet, type HttpResponse } from '../storage/download/http-request.ts'
import { PartFile } from '../storage/download/part-file.ts'
import { isDiskFull } from '../storage/local/disk-space.ts'
import { type ApiClient, ApiError } from './api-client.ts'
import { formatMegabytes, type ProgressLine } from './progress-line.ts'

/** Requests have no timeout: the user can end the command. */
const neverAborted = new AbortController().signal
/** While the server is transcoding. */
const pollIntervalMs = 1000

/**
 * Downloads an address to `target`, where the file is complete or absent. Resumes an earlier command's download if the
 * server's file is unchanged; on a full disk the partial file is removed. Throws `ApiError`, `server.unreachable`,
 * `export.broke-off`, `export.full`, `export.unwritable`.
 */
export async function downloadFile(
  client: ApiClient,
  address: string,
  target: string,
  bar?: ProgressLine,
): Promise<void> {
  try {
    if ((await stat(target).catch(() => undefined))?.isDirectory()) {
      throw new Failure('export.unwritable', { file: target, detail: 'it is a folder' })
    }
    await using part = await PartFile.open(target)
    try {
      await downloadInto(part, new URL(address, client.address), target, bar)
      await part.moveIntoPlace()
    } catch (error) {
      // On a full disk others need the space; an empty part file is useless to the next command.
      if (part.bytes === 0 || isDiskFull(error)) await part.discard()
      throw error
    }
  } catch (error) {
    throw toFailure(error, target)
  }
}

async function downloadInto(part: PartFile, url: URL, target: string, bar?: ProgressLine): Promise<void> {
  const version = part.bytes > 0 ? part.version : undefined
  const range = version === undefined ? {} : { range: `bytes=${part.bytes}-`, 'if-range': version }
  const response = await awaitResponse(url, range, bar)
  const total = totalOf(response)
  // The earlier command had downloaded the whole file and ended before the rename.
  if (response.status === 416 && total === part.bytes) return response.close()
  if (response.status !== 206) await part.restart(response.headers.etag)
  try {
    for await (const chunk of bodyOf(response, target, () => part.bytes, total)) {
      await part.append(chunk)
      if (total !== undefined)
        bar?.draw(part.bytes / total, [`${formatMegabytes(part.bytes)} of ${formatMegabytes(total)}`])
    }
  } finally {
    response.close()
  }
}

/**
 * Streams an address to standard output; cannot be resumed. Returns `false` if the reader closed the pipe. Throws
 * `ApiError`, `server.unreachable`, `export.broke-off`, `export.full`, `export.unwritable`.
 */
export async function streamToStdout(client: ApiClient, address: string): Promise<boolean> {
  try {
    await pipeline(downloadBytes(client, address), process.stdout, { end: false })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return false
    throw toFailure(error, 'Standard output')
  }
}

async function* downloadBytes(client: ApiClient, address: string): AsyncGenerator<Uint8Array> {
  const response = await awaitResponse(new URL(address, client.address), {})
  let bytes = 0
  for await (const chunk of bodyOf(response, 'The stream', () => bytes, totalOf(response))) {
    bytes += chunk.length
    yield chunk
  }
}

/**
 * Repeats the request while the server answers 202 because it is still transcoding. Throws `server.unreachable`;
 * `ApiError` for an error response.
 */
async function awaitResponse(
  url: URL,
  headers: Readonly<Record<string, string>>,
  bar?: ProgressLine,
): Promise<HttpResponse> {
  for (;;) {
    const response = await sendRequest(url, headers)
    if ([200, 206, 416].includes(response.status)) return response
    const answer = await json(response.body())
    if (response.status !== 202) throw new ApiError(response.status, answer as FailureAnswer)
    const { percent } = (answer as { export: { percent: number } }).export
    bar?.draw(percent / 100, ['recorded'])
    await wait(pollIntervalMs)
  }
}

async function sendRequest(url: URL, headers: Readonly<Record<string, string>>): Promise<HttpResponse> {
  try {
    return await httpGet(url, headers, neverAborted)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new Failure('server.unreachable', { address: url.origin, detail }, { cause })
  }
}

/** The response's body. Throws `export.broke-off` if it ends before `total` bytes. */
async function* bodyOf(
  response: HttpResponse,
  file: string,
  bytes: () => number,
  total: number | undefined,
): AsyncGenerator<Uint8Array> {
  let cause: unknown
  const body = response.body()
  for (;;) {
    const next = await body.next().catch((error: unknown) => {
      cause = error
      return { done: true as const, value: undefined }
    })
    if (next.done) break
    yield next.value
  }
  if (bytes() === total || (total === undefined && cause === undefined)) return
  const details = {
    file,
    bytes: formatMegabytes(bytes()),
    total: total === undefined ? 'more' : formatMegabytes(total),
  }
  throw new Failure('export.broke-off', details, { cause })
}

/** Size of the whole file in bytes; `undefined` for a response that is produced while it is sent. */
function totalOf({ status, headers }: HttpResponse): number | undefined {
  const total = status === 200 ? headers['content-length'] : headers['content-range']?.split('/')[1]
  return total === undefined ? undefined : Number(total)
}

/** Maps file system errors to `export.full` or `export.unwritable`; connection errors are a `Failure` already. */
function toFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  const details = { file, detail: error.message }
  return new Failure(isDiskFull(error) ? 'export.full' : 'export.unwritable', details, { cause: error })
}
