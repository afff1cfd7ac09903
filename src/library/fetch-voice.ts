import { mkdir, readFile } from 'node:fs/promises'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { freeBytes } from './disk.ts'
import { download } from './download.ts'
import { downloadPath, type DataPaths, voiceFiles } from './folder.ts'
import { fetchVoiceCard } from './voice-card.ts'
import type { VoiceSource } from './voice-source.ts'

export interface FetchedVoice {
  /** Paths in the install's folder below `downloads`. */
  readonly model: string
  readonly config?: string
  /** Its text. */
  readonly card?: string
}

export interface FetchOptions {
  /** Ends it and keeps what is there for the next time. */
  readonly signal: AbortSignal
  /** Bytes of `voice.bytes` that are on the disk: those of the model. */
  readonly onProgress: (bytes: number) => void
}

/**
 * Fetches all files of a voice into the install's folder, or what is missing of them. The small ones come first: what
 * is wrong with a source shows early. Throws what `download` throws.
 */
export async function fetchVoice(
  folder: DataPaths,
  source: VoiceSource,
  voice: CatalogueVoice,
  installId: string,
  { signal, onProgress }: FetchOptions,
): Promise<FetchedVoice> {
  const path = downloadPath(folder, installId)
  await mkdir(path, { recursive: true })
  const paths = voiceFiles(path)
  const room = { signal, freeBytes: () => freeBytes(folder) }
  const model = voice.files.find(({ role }) => role === 'model')
  const config = voice.files.find(({ role }) => role === 'config')
  if (!model) throw new Error(`the catalogue has no model of ${voice.id}`)
  if (config) await download(source, config, paths.config, room)
  const card = await cachedCard(folder, paths.card, () => fetchVoiceCard(source, voice, { signal }))
  await download(source, model, paths.model, { ...room, onProgress })
  return { model: paths.model, ...(config && { config: paths.config }), ...(card !== undefined && { card }) }
}

async function cachedCard(
  folder: DataPaths,
  path: string,
  fetched: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept !== undefined) return kept
  const card = await fetched()
  if (card !== undefined) await writeFileAtomically(folder.temporary, path, Buffer.from(card))
  return card
}
