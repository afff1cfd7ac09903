import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import type { CatalogueFile, Checksum } from '../../novel/voice-catalogue.ts'
import { PartFile } from '../download/part-file.ts'
import { type SourceStream, TransientSourceError, withRetries } from '../download/resumable-source.ts'
import { inMegabytes, isDiskFull, reserveBytes } from '../folder/disk-space.ts'
import { openSourceFile, sourceName, type VoiceSource } from './voice-source.ts'

export interface DownloadOptions {
  /** Ends it and keeps what is there for the next time. */
  readonly signal: AbortSignal
  /** Bytes of the file that are on the disk; they go back when the source has another file now. */
  readonly onProgress?: (bytes: number) => void
  /** Bytes that may still be written where the file goes. */
  readonly freeBytes: () => Promise<number>
  readonly stallMs?: number
  readonly pauseMs?: number
}

/** More than any real configuration or card; of a model the catalogue knows the size. */
const maxBytesByRole = { model: 2 ** 31, config: 2 ** 20, card: 2 ** 16 } as const

/**
 * Fetches a file of the catalogue to `target`: there it is whole and checked, or absent. What an earlier try has left,
 * in this process or in one that was killed, is gone on with. Throws `voice.unreachable`, `voice.missing`,
 * `voice.damaged`, `voice.no-room`, and the signal's reason.
 */
export async function download(
  source: VoiceSource,
  file: CatalogueFile,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const there = await stat(target).catch(() => undefined)
  if (there) {
    options.onProgress?.(there.size)
    return
  }
  try {
    await using part = await PartFile.open(target)
    if (part.bytes > maxBytesOf(file)) await part.restart(undefined)
    await requireSpace(file, part.bytes, options.freeBytes)
    await fetchAndVerify(part, source, file, options)
    await part.moveIntoPlace()
  } catch (cause) {
    if (!isDiskFull(cause)) throw cause
    throw noSpaceFailure(file, maxBytesOf(file), await options.freeBytes(), { cause })
  }
}

/** Fetches what is missing and checks all of it. */
async function fetchAndVerify(
  part: PartFile,
  source: VoiceSource,
  file: CatalogueFile,
  options: DownloadOptions,
): Promise<void> {
  for (let kept = part.bytes > 0; ; kept = false) {
    if (part.bytes === 0 || part.bytes !== file.bytes) await fetchMissingBytes(part, source, file, options)
    const fault = await checksumFault(part, file, options.signal)
    if (fault === undefined) return
    // A power cut may have spoilt what an earlier run had kept: then all of it is fetched once more.
    if (!kept) {
      await part.discard()
      throw damagedFailure(source, file, fault)
    }
    await part.restart(undefined)
  }
}

async function fetchMissingBytes(
  part: PartFile,
  source: VoiceSource,
  file: CatalogueFile,
  { signal, onProgress, stallMs = 30_000, pauseMs = 500 }: DownloadOptions,
): Promise<void> {
  // Bytes that a source without Range sends again and again are no progress.
  let most = part.bytes
  await withRetries(
    async (progressed) => {
      await using opened = await openSourceFile(source, file.path, part, { signal, stallMs })
      refuseOtherSize(opened, source, file)
      if (opened.from !== part.bytes || part.bytes === 0) await part.restart(opened.version)
      onProgress?.(part.bytes)
      for await (const chunk of opened.stream) {
        signal.throwIfAborted()
        await append(part, chunk, source, file)
        if (part.bytes > most) {
          most = part.bytes
          progressed()
        }
        onProgress?.(part.bytes)
      }
      if (part.bytes < (file.bytes ?? opened.bytes ?? 0))
        throw new TransientSourceError('the connection breaks off')
    },
    { signal, pauseMs, source: sourceName(source) },
  )
}

/** Before a byte of it is read: what is kept may be good, and the source's answer a page that asks to log in. */
function refuseOtherSize({ bytes }: SourceStream, source: VoiceSource, file: CatalogueFile): void {
  if (bytes === undefined) return
  if (file.bytes !== undefined && bytes !== file.bytes) {
    throw damagedFailure(source, file, `it has ${bytes} bytes instead of ${file.bytes}`)
  }
  if (bytes > maxBytesByRole[file.role])
    throw damagedFailure(source, file, `it has ${bytes} bytes, more than any real one`)
}

/** Never writes more than there should be, whatever comes. */
async function append(
  part: PartFile,
  chunk: Uint8Array,
  source: VoiceSource,
  file: CatalogueFile,
): Promise<void> {
  if (part.bytes + chunk.length > maxBytesOf(file)) {
    await part.discard()
    throw damagedFailure(source, file, `it does not end after ${maxBytesOf(file)} bytes`)
  }
  await part.append(chunk)
}

async function checksumFault(
  part: PartFile,
  file: CatalogueFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (file.checksum === undefined) return undefined
  const { algorithm, hex } = file.checksum
  const found = await fileChecksum(part.path, algorithm, signal)
  return found === hex ? undefined : `its checksum is ${found} instead of ${hex}`
}

async function requireSpace(
  file: CatalogueFile,
  held: number,
  freeBytes: () => Promise<number>,
): Promise<void> {
  const [needed, free] = [maxBytesOf(file) - held + reserveBytes, await freeBytes()]
  if (needed > free) throw noSpaceFailure(file, needed, free)
}

function noSpaceFailure(file: CatalogueFile, needed: number, free: number, options?: ErrorOptions): Failure {
  const sizes = { needed: inMegabytes(needed), free: inMegabytes(free) }
  return new Failure('voice.no-room', { file: nameOf(file), ...sizes }, options)
}

function damagedFailure(source: VoiceSource, file: CatalogueFile, detail: string): Failure {
  return new Failure('voice.damaged', { file: nameOf(file), source: sourceName(source), detail })
}

/** As many as it has, or may have. */
function maxBytesOf({ bytes, role }: CatalogueFile): number {
  return bytes ?? maxBytesByRole[role]
}

function nameOf({ path }: CatalogueFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

const blockBytes = 256 * 1024

/**
 * Of a whole file. It is read block by block into the same memory, and a block holds the event loop for less than a
 * millisecond.
 */
export async function fileChecksum(
  path: string,
  algorithm: Checksum['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm)
  const block = new Uint8Array(blockBytes)
  await using file = await open(path)
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(block, 0, blockBytes)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(block.subarray(0, bytesRead))
  }
}
