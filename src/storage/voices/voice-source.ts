import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../novel/failure.ts'
import { type HttpSourceOptions, openHttpFile } from '../download/http-source.ts'
import { fromStart, type ResumeState, type SourceStream, TransientSourceError, withRetries } from '../download/resumable-source.ts'
import { pathBelow } from '../folder/contained-path.ts'

/** Where public voices are fetched from: an address, or a folder that is laid out alike. */
export type VoiceSource =
  | { readonly kind: 'address'; readonly address: URL }
  | { readonly kind: 'folder'; readonly folder: string }

/** The source that a setting means. Throws a `RangeError` that says what is wrong with it. */
export function voiceSource(setting: string): VoiceSource {
  if (/^https?:\/\//i.test(setting)) {
    if (!URL.canParse(setting)) throw new RangeError('this is not an address')
    const address = new URL(setting)
    if (address.username !== '' || address.password !== '') {
      throw new RangeError('an address with a user name or password is not taken')
    }
    if (address.search !== '' || address.hash !== '') {
      throw new RangeError('an address with ? or # is not taken; the path of a file is put behind it')
    }
    return { kind: 'address', address }
  }
  const isFileUrl = /^file:/i.test(setting)
  if (!isFileUrl && /^[a-z][a-z\d+.-]*:\/\//i.test(setting)) {
    throw new RangeError('only http and https addresses and folders are taken')
  }
  const folder = isFileUrl ? pathOf(setting) : resolve(setting)
  if (!isFolder(folder))
    throw new RangeError(`there is no folder ${folder}; give an existing one, or an address`)
  return { kind: 'folder', folder }
}

/** What people call it: the host, or the folder. */
export function sourceName(source: VoiceSource): string {
  return source.kind === 'address' ? source.address.host : source.folder
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function pathOf(fileUrl: string): string {
  try {
    return fileURLToPath(fileUrl)
  } catch {
    throw new RangeError('this is not the address of a folder')
  }
}

/** Opens a file of a folder that is a source. Throws `voice.missing`, `BrokenConnection`. */
async function openFolderFile(folder: string, path: string, held: ResumeState): Promise<SourceStream> {
  const target = pathBelow(folder, path)
  if (target === undefined) throw new Failure('voice.missing', { source: folder, file: path })
  try {
    await using opening = new AsyncDisposableStack()
    const file = opening.use(await open(target))
    const { size, mtimeMs } = await file.stat()
    const version = `${size}-${mtimeMs}`
    const from = held.version === version && held.bytes <= size ? held.bytes : 0
    const opened = opening.move()
    const stream = file.createReadStream({ start: from, highWaterMark: 256 * 1024, autoClose: false })
    return {
      from,
      bytes: size,
      version,
      stream: withTransientErrors(stream),
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new Failure('voice.missing', { source: folder, file: path }, { cause })
    }
    throw asBroken(cause)
  }
}

/** A disk may be pulled out, a network folder may go away. */
async function* withTransientErrors(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw asBroken(cause)
  }
}

function asBroken(cause: unknown): TransientSourceError {
  return new TransientSourceError(cause instanceof Error ? cause.message : String(cause), { cause })
}

/**
 * Opens a file where what is held of it ends, if it is still the same file, else at its beginning. Throws
 * `voice.missing`, `voice.unreachable` where trying again is no use, `BrokenConnection` where it may be.
 */
export async function openSourceFile(
  source: VoiceSource,
  path: string,
  held: ResumeState,
  options: HttpSourceOptions,
): Promise<SourceStream> {
  if (source.kind === 'folder') return await openFolderFile(source.folder, path, held)
  return await openHttpFile(source.address, path, held, options)
}

export interface SmallFileOptions {
  readonly signal: AbortSignal
  /** A larger one is not what it should be. */
  readonly mostBytes: number
  readonly stallMs?: number
  readonly pauseMs?: number
}

/**
 * A small file of the source of voices, whole; `undefined` where the source has none, or a larger one than any real one.
 * Throws `voice.unreachable`.
 */
export async function readSmallFile(
  source: VoiceSource,
  path: string,
  options: SmallFileOptions,
): Promise<Uint8Array | undefined> {
  const { signal, mostBytes, stallMs = 30_000, pauseMs = 500 } = options
  try {
    return await withRetries(() => readAll(source, path, { signal, stallMs, mostBytes }), {
      signal,
      pauseMs,
      source: sourceName(source),
    })
  } catch (error) {
    if (error instanceof Failure && error.code === 'voice.missing') return undefined
    throw error
  }
}

async function readAll(
  source: VoiceSource,
  path: string,
  { mostBytes, ...options }: { signal: AbortSignal; stallMs: number; mostBytes: number },
): Promise<Uint8Array | undefined> {
  await using file = await openSourceFile(source, path, fromStart, options)
  if ((file.bytes ?? 0) > mostBytes) return undefined
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of file.stream) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  if (bytes < (file.bytes ?? 0)) throw new TransientSourceError('the connection breaks off')
  return Buffer.concat(chunks)
}
