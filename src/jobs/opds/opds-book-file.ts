import { Failure } from '../../novel/failure.ts'
import type { OpdsSource } from '../../novel/opds-source.ts'
import type { DataPaths } from '../../storage/local/data-paths.ts'
import { receiveFile, type TemporaryFile } from '../../storage/local/temporary-files.ts'
import type { OpdsFetch } from '../../storage/queries/opds-fetch-queries.ts'
import { mediaType } from './opds-page.ts'
import { openOpds, passing, type PassingOpdsError } from './opds-request.ts'

/** Milliseconds without a byte, and for a whole book. */
const [idleMs, wholeMs] = [60_000, 3_600_000]

interface ReceivingOptions {
  readonly folder: DataPaths
  /** Bytes. */
  readonly uploadLimit: number
  /** `undefined`: the other server does not tell. */
  readonly onLength: (bytes: number | undefined) => Promise<void>
  readonly onBytes: (done: number) => void
  readonly signal: AbortSignal
}

/**
 * Receives a book of a catalogue among the temporary files. Throws `opds.too-large`, what `openOpds` throws, and the signal's
 * reason.
 */
export async function receiveOpdsBook(
  source: OpdsSource,
  { address, title, type }: OpdsFetch,
  { folder, uploadLimit, onLength, onBytes, signal }: ReceivingOptions,
): Promise<TemporaryFile> {
  const url = new URL(address)
  const late = new AbortController()
  let timer = setTimeout(() => late.abort(), idleMs)
  const within = AbortSignal.any([late.signal, AbortSignal.timeout(wholeMs), signal])
  const tooLarge = (): Failure =>
    new Failure('opds.too-large', { title, limit: `${Math.round(uploadLimit / 1024 / 1024)} MB` })
  const broken = (): PassingOpdsError =>
    passing(url, within.aborted ? 'it does not answer in time' : 'the connection broke off')
  try {
    const accept = type === '' ? '*/*' : `${type}, */*;q=0.5`
    const { response } = await openOpds({ source, address: url, accept, signal: within })
    try {
      const { 'content-type': sent = '', 'content-length': told } = response.headers
      if (mediaType(sent) === 'text/html')
        throw new Failure('opds.unreachable', {
          host: url.host,
          detail: 'it sends a web page instead of the book',
        })
      const length = told === undefined ? undefined : Number(told)
      if (length !== undefined && length > uploadLimit) throw tooLarge()
      await onLength(length)
      let bytes = 0
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of response.body()) {
          // What is watched is the other server, not the disk.
          clearTimeout(timer)
          bytes += chunk.length
          if (bytes > uploadLimit) throw tooLarge()
          onBytes(bytes)
          yield chunk
          timer = setTimeout(() => late.abort(), idleMs)
        }
        if (length !== undefined && bytes !== length) throw broken()
      }
      return await receiveFile(folder, counted(), within)
    } finally {
      response.close()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Failure) throw error
    if (within.aborted || isOfConnection(error)) throw broken()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Rather than of the disk. */
function isOfConnection(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return /^(?:ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|HPE_|ERR_STREAM_PREMATURE|ERR_HTTP|ERR_SSL|ERR_TLS)/.test(code)
}
