import { Failure } from '../novel/failure.ts'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { keepTrying } from './keep-trying.ts'
import { openSourceFile } from './open-source-file.ts'
import { BrokenConnection, nothing } from './source-file.ts'
import { sourceName, type VoiceSource } from './voice-source.ts'

/** Larger ones are no cards. */
const mostBytes = 64 * 1024

/**
 * The card that tells where a voice comes from, as text; `undefined` where the source has none. Throws
 * `voice.unreachable`.
 */
export async function fetchCard(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: { readonly signal: AbortSignal; readonly stallMs?: number; readonly pauseMs?: number },
): Promise<string | undefined> {
  const { signal, stallMs = 30_000, pauseMs = 500 } = options
  const card = voice.files.find(({ role }) => role === 'card')
  if (!card) return undefined
  try {
    return await keepTrying(() => readText(source, card.path, { signal, stallMs }), {
      signal,
      pauseMs,
      source: sourceName(source),
    })
  } catch (error) {
    if (error instanceof Failure && error.code === 'voice.missing') return undefined
    throw error
  }
}

async function readText(
  source: VoiceSource,
  path: string,
  options: { readonly signal: AbortSignal; readonly stallMs: number },
): Promise<string | undefined> {
  await using file = await openSourceFile(source, path, nothing, options)
  if ((file.bytes ?? 0) > mostBytes) return undefined
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of file.stream) {
    bytes += chunk.length
    if (bytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  if (bytes < (file.bytes ?? 0)) throw new BrokenConnection('the connection breaks off')
  return new TextDecoder().decode(Buffer.concat(chunks))
}
