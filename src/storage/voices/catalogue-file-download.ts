import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import type { CatalogueFile, Checksum } from '../../novel/voice-catalogue.ts'
import { PartFile } from '../download/part-file.ts'
import { type SourceStream, TransientSourceError, withRetries } from '../download/resumable-source.ts'
import { inMegabytes, isDiskFull, reserveBytes } from '../local/disk-space.ts'
import { openSourceFile, sourceName, type VoiceSource } from './voice-source.ts'

export interface DownloadOptions {
  /** Aborts the download; the bytes so far are kept for the next attempt. */
  readonly signal: AbortSignal
  /** Gets the bytes of the file on the disk; they decrease if the source's file has changed. */
  readonly onProgress?: (bytes: number) => void
  /** Free bytes on the target's disk. */
  readonly freeBytes: () => Promise<number>
  readonly stallMs?: number
  readonly pauseMs?: number
}

/** Above any real configuration or card; the catalogue has the size of models. */
const maxBytesByRole = { model: 2 ** 31, config: 2 ** 22, card: 2 ** 16 } as const

/**
 * Downloads a file of the catalogue to `target`, where it is complete and verified, or absent. Resumes an earlier
 * attempt, also of a process that was killed. Throws `voice.unreachable`, `voice.missing`, `voice.damaged`,
 * `voice.no-room`, and the signal's reason.
 */
export async function download(
  source: VoiceSource,
  file: CatalogueFile,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const existing = await stat(target).catch(() => undefined)
  if (existing) {
    options.onProgress?.(existing.size)
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

/** Downloads the missing bytes and verifies the whole file. */
async function fetchAndVerify(
  part: PartFile,
  source: VoiceSource,
  file: CatalogueFile,
  options: DownloadOptions,
): Promise<void> {
  for (let resumed = part.bytes > 0; ; resumed = false) {
    if (part.bytes === 0 || part.bytes !== file.bytes) await fetchMissingBytes(part, source, file, options)
    const fault = await checksumFault(part, file, options.signal)
    if (fault === undefined) return
    // A power cut may have damaged the bytes of an earlier run: then the file is downloaded once more from the start.
    if (!resumed) {
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
  // A source without Range sends the same bytes again; only bytes beyond the highest offset so far count as progress.
  let highestOffset = part.bytes
  await withRetries(
    async (progressed) => {
      await using opened = await openSourceFile(source, file.path, part, { signal, stallMs })
      refuseOtherSize(opened, source, file)
      if (opened.from !== part.bytes || part.bytes === 0) await part.restart(opened.version)
      onProgress?.(part.bytes)
      for await (const chunk of opened.stream) {
        signal.throwIfAborted()
        await append(part, chunk, source, file)
        if (part.bytes > highestOffset) {
          highestOffset = part.bytes
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

/** Checked before the first byte: the stored bytes may be right, and the response a login page. */
function refuseOtherSize({ bytes }: SourceStream, source: VoiceSource, file: CatalogueFile): void {
  if (bytes === undefined) return
  if (file.bytes !== undefined && bytes !== file.bytes) {
    throw damagedFailure(source, file, `it has ${bytes} bytes instead of ${file.bytes}`)
  }
  if (bytes > maxBytesByRole[file.role])
    throw damagedFailure(source, file, `it has ${bytes} bytes, more than any real one`)
}

/** Appends a chunk. Throws `voice.damaged` if the file gets longer than it may be. */
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
  bytesDone: number,
  freeBytes: () => Promise<number>,
): Promise<void> {
  const [needed, free] = [maxBytesOf(file) - bytesDone + reserveBytes, await freeBytes()]
  if (needed > free) throw noSpaceFailure(file, needed, free)
}

function noSpaceFailure(file: CatalogueFile, needed: number, free: number, options?: ErrorOptions): Failure {
  const sizes = { needed: inMegabytes(needed), free: inMegabytes(free) }
  return new Failure('voice.no-room', { file: nameOf(file), ...sizes }, options)
}

function damagedFailure(source: VoiceSource, file: CatalogueFile, detail: string): Failure {
  return new Failure('voice.damaged', { file: nameOf(file), source: sourceName(source), detail })
}

/** The file's size if the catalogue has it, else the limit for its role. */
function maxBytesOf({ bytes, role }: CatalogueFile): number {
  return bytes ?? maxBytesByRole[role]
}

function nameOf({ path }: CatalogueFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

const blockBytes = 256 * 1024

/** Checksum of a file, hex. Reads block by block; hashing a block takes less than a millisecond of the event loop. */
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
