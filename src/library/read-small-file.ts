import { withRetries } from './keep-trying.ts'
import { openSourceFile } from './open-source-file.ts'
import { TransientSourceError, fromStart } from './source-file.ts'
import { sourceName, type VoiceSource } from './voice-source.ts'
import { Failure } from '../novel/failure.ts'

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
