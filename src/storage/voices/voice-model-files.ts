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

/** Samples are some seconds of MP3. */
const maxSampleBytes = 4 * 1024 * 1024

/**
 * What a voice sounds like before it is installed: the MP3 that lies beside its model, where Piper's voices have theirs;
 * `undefined` where the source has none. Throws `voice.unreachable`.
 */
export async function fetchVoiceSample(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: Omit<SmallFileOptions, 'mostBytes'>,
): Promise<Uint8Array | undefined> {
  const model = voice.files.find(({ role }) => role === 'model')
  if (!model) return undefined
  const path = posix.join(posix.dirname(model.path), 'samples', 'speaker_0.mp3')
  return readSmallFile(source, path, { ...options, mostBytes: maxSampleBytes })
}

/**
 * Moves what an install has brought among the installed voices, all of it at once and durably, and returns its folder
 * there. Doing it again after a kill changes nothing.
 */
export async function placeVoice(folder: DataPaths, installId: string): Promise<string> {
  const [from, to] = [downloadPath(folder, installId), voicePath(folder, installId)]
  const [waits, lies] = [await isThere(from), await isThere(to)]
  if (waits || !lies) await renameDurably(from, to)
  await syncFolder(folder.downloads)
  return to
}

/** Removes what an install has fetched so far. */
export async function discardDownload(folder: DataPaths, installId: string): Promise<void> {
  await rm(downloadPath(folder, installId), { recursive: true, force: true })
}

/** Removes an installed voice's files. */
export async function removeVoice(folder: DataPaths, installId: string): Promise<void> {
  await rm(voicePath(folder, installId), { recursive: true, force: true })
}

/** SHA-256 of an installed voice's configuration, hex. Throws where it cannot be read. */
export async function configChecksum(folder: DataPaths, installId: string): Promise<string> {
  const { config } = voiceFiles(voicePath(folder, installId))
  return createHash('sha256')
    .update(await readFile(config))
    .digest('hex')
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
