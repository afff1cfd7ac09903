import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { posix } from 'node:path'
import type { CatalogueVoice } from '../../novel/voice-catalogue.ts'
import { type DataPaths, downloadPath, voiceFiles, voicePath } from '../folder/data-paths.ts'
import { freeBytes } from '../folder/disk-space.ts'
import { renameDurably, syncFolder, writeFileAtomically } from '../folder/durable-files.ts'
import { download } from './catalogue-file-download.ts'
import { fetchVoiceCard } from './voice-card.ts'
import { readSmallFile, type SmallFileOptions, type VoiceSource } from './voice-source.ts'

export interface FetchedVoice {
  /** Absolute paths in the install's folder below `downloads`. */
  readonly model: string
  readonly config?: string
  /** The model card's text. */
  readonly card?: string
}

export interface FetchOptions {
  /** Aborts the download; the bytes so far are kept for the next attempt. */
  readonly signal: AbortSignal
  /** Gets the bytes of the model on the disk, out of `voice.bytes`. */
  readonly onProgress: (bytes: number) => void
}

/**
 * Downloads a voice's files, or the missing ones, into the install's folder. The small ones come first, so that a
 * faulty source shows early. Throws what `download` throws.
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
  const options = { signal, freeBytes: () => freeBytes(folder) }
  const model = voice.files.find(({ role }) => role === 'model')
  const config = voice.files.find(({ role }) => role === 'config')
  if (!model) throw new Error(`the catalogue has no model of ${voice.id}`)
  if (config) await download(source, config, paths.config, options)
  const card = await cachedCard(folder, paths.card, () => fetchVoiceCard(source, voice, { signal }))
  await download(source, model, paths.model, { ...options, onProgress })
  return { model: paths.model, ...(config && { config: paths.config }), ...(card !== undefined && { card }) }
}

async function cachedCard(
  folder: DataPaths,
  path: string,
  fetchCard: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const cached = await readFile(path, 'utf8').catch(() => undefined)
  if (cached !== undefined) return cached
  const card = await fetchCard()
  if (card !== undefined) await writeFileAtomically(folder.temporary, path, Buffer.from(card))
  return card
}

/** Samples are some seconds of MP3. */
const maxSampleBytes = 4 * 1024 * 1024

/**
 * A voice's sample as MP3, to be heard before it is installed: the file beside its model, where Piper publishes them.
 * `undefined` if the source has none. Throws `voice.unreachable`.
 */
export async function fetchVoiceSample(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: Omit<SmallFileOptions, 'maxBytes'>,
): Promise<Uint8Array | undefined> {
  const model = voice.files.find(({ role }) => role === 'model')
  if (!model) return undefined
  const path = posix.join(posix.dirname(model.path), 'samples', 'speaker_0.mp3')
  return readSmallFile(source, path, { ...options, maxBytes: maxSampleBytes })
}

/**
 * Moves an install's folder to the installed voices, by one durable rename, and returns its new path. Idempotent: it
 * may be repeated after a kill.
 */
export async function placeVoice(folder: DataPaths, installId: string): Promise<string> {
  const [from, to] = [downloadPath(folder, installId), voicePath(folder, installId)]
  const [isDownloaded, isPlaced] = [await fileExists(from), await fileExists(to)]
  if (isDownloaded || !isPlaced) await renameDurably(from, to)
  await syncFolder(folder.downloads)
  return to
}

/** Removes what an install has downloaded so far. */
export async function discardDownload(folder: DataPaths, installId: string): Promise<void> {
  await rm(downloadPath(folder, installId), { recursive: true, force: true })
}

/** Removes an installed voice's files. */
export async function removeVoice(folder: DataPaths, installId: string): Promise<void> {
  await rm(voicePath(folder, installId), { recursive: true, force: true })
}

/** SHA-256 of an installed voice's configuration, hex. Throws if it cannot be read. */
export async function configChecksum(folder: DataPaths, installId: string): Promise<string> {
  const { config } = voiceFiles(voicePath(folder, installId))
  return createHash('sha256')
    .update(await readFile(config))
    .digest('hex')
}

async function fileExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
