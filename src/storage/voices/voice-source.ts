import { statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Failure } from '../../novel/failure.ts'
import { type HttpSourceOptions, openHttpFile } from '../download/http-source.ts'
import { fromStart, type ResumeState, type SourceStream, TransientSourceError, withRetries } from '../download/resumable-source.ts'
import { pathBelow } from '../local/contained-path.ts'

/** Where public voices are downloaded from: an address, or a folder with the same layout. */
export type VoiceSource =
  | {
      readonly kind: 'address'
      readonly address: URL
      /** Sent with each request to this address, and to no other. */
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly kind: 'folder'; readonly folder: string }

/** Parses the setting. Throws a `RangeError` whose message says what is wrong with it. */
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

/** For messages: the host, or the folder. */
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

/** Opens a file of a folder source. Throws `voice.missing`, `TransientSourceError`. */
async function openFolderFile(folder: string, path: string, resumeState: ResumeState): Promise<SourceStream> {
  const target = pathBelow(folder, path)
  if (target === undefined) throw new Failure('voice.missing', { source: folder, file: path })
  try {
    await using opening = new AsyncDisposableStack()
    const file = opening.use(await open(target))
    const { size, mtimeMs } = await file.stat()
    const version = `${size}-${mtimeMs}`
    const from = resumeState.version === version && resumeState.bytes <= size ? resumeState.bytes : 0
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
    throw asTransientError(cause)
  }
}

/** Errors of a stream are transient: a disk may be unplugged, a network folder unmounted. */
async function* withTransientErrors(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw asTransientError(cause)
  }
}

function asTransientError(cause: unknown): TransientSourceError {
  return new TransientSourceError(cause instanceof Error ? cause.message : String(cause), { cause })
}

/**
 * Opens a file at the end of its stored bytes if its version is unchanged, else at its beginning. Throws
 * `voice.missing`, `voice.unreachable` if a retry is useless, `TransientSourceError` if it may succeed.
 */
export async function openSourceFile(
  source: VoiceSource,
  path: string,
  resumeState: ResumeState,
  options: HttpSourceOptions,
): Promise<SourceStream> {
  const elsewhere = /^https:\/\/([^/]+)\/(.+)$/.exec(path)
  if (elsewhere && source.kind === 'address' && source.address.host === publicHost)
    return await openHttpFile(new URL(`https://${elsewhere[1]}`), elsewhere[2]!, resumeState, options)
  const below = elsewhere ? `${elsewhere[1]}/${elsewhere[2]}` : path
  if (source.kind === 'folder') return await openFolderFile(source.folder, below, resumeState)
  return await openHttpFile(source.address, below, resumeState, { ...options, headers: source.headers })
}

/** The host of most public voices. A file of another one is fetched from there, unless a mirror stands for all. */
const publicHost = 'huggingface.co'

export interface SmallFileOptions {
  readonly signal: AbortSignal
  /** A larger file counts as missing. */
  readonly maxBytes: number
  readonly stallMs?: number
  readonly pauseMs?: number
}

/**
 * Reads a small file completely; `undefined` if it is missing or larger than `maxBytes`. Throws `voice.unreachable`.
 */
export async function readSmallFile(
  source: VoiceSource,
  path: string,
  options: SmallFileOptions,
): Promise<Uint8Array | undefined> {
  const { signal, maxBytes, stallMs = 30_000, pauseMs = 500 } = options
  try {
    return await withRetries(() => readAll(source, path, { signal, stallMs, maxBytes }), {
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
  { maxBytes, ...options }: { signal: AbortSignal; stallMs: number; maxBytes: number },
): Promise<Uint8Array | undefined> {
  await using file = await openSourceFile(source, path, fromStart, options)
  if ((file.bytes ?? 0) > maxBytes) return undefined
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of file.stream) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  if (bytes < (file.bytes ?? 0)) throw new TransientSourceError('the connection breaks off')
  return Buffer.concat(chunks)
}
