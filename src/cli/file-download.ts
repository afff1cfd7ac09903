import { stat } from 'node:fs/promises'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { FailureAnswer } from '../http/contract/api-contract.ts'
import { isDiskFull } from '../storage/folder/disk-space.ts'
import { PartFile } from '../storage/download/part-file.ts'
import { httpGet, type HttpResponse } from '../storage/download/http-request.ts'
import { Failure } from '../novel/failure.ts'
import { type ApiClient, ApiError } from './api-client.ts'
import { formatMegabytes, type ProgressLine } from './progress-line.ts'

/** Somebody sits before the terminal and can end the command; nothing else ends the wait. */
const neverAborted = new AbortController().signal
/** While something is recorded. */
const pollIntervalMs = 1000

/**
 * Saves what stands at an address: at `target` it is whole or not at all. What an earlier command has left beside it is
 * gone on with if the server still has the same; on a full disk nothing is left. Throws `Refused`, `export.broke-off`,
 * `export.full`, `export.unwritable`.
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
      // Others need the room that it has taken in vain, and an empty beginning is of no use to the next command.
      if (part.bytes === 0 || isDiskFull(error)) await part.discard()
      throw error
    }
  } catch (error) {
    throw toFailure(error, target)
  }
}

async function downloadInto(part: PartFile, url: URL, target: string, bar?: ProgressLine): Promise<void> {
  const kept = part.bytes > 0 && part.version !== undefined ? part.version : undefined
  const range = kept === undefined ? {} : { range: `bytes=${part.bytes}-`, 'if-range': kept }
  const response = await awaitResponse(url, range, bar)
  const total = totalOf(response)
  // All of it was there when the last command ended before it could give the file its name.
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
 * Sends what stands at an address to standard output, which cannot go on where it ended; `false` when whoever reads it
 * wanted no more. Throws `Refused`, `export.broke-off`, `export.full`, `export.unwritable`.
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
 * What is still being recorded is waited for. Throws `server.unreachable`; `Refused` with what the server says instead of
 * sending the file.
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
    if (response.status !== 202) throw new ApiError(answer as FailureAnswer)
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

/** Throws `export.broke-off` when less comes than was promised. */
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

/** Bytes of the whole file; `undefined` of what is made while it is sent. */
function totalOf({ status, headers }: HttpResponse): number | undefined {
  const total = status === 200 ? headers['content-length'] : headers['content-range']?.split('/')[1]
  return total === undefined ? undefined : Number(total)
}

/** What the system said of a file or the disk, in words for people; of the connection it has become a `Failure` before. */
function toFailure(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  const details = { file, detail: error.message }
  return new Failure(isDiskFull(error) ? 'export.full' : 'export.unwritable', details, { cause: error })
}
