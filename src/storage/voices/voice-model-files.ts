import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { Failure } from '../../novel/failure.ts'
import type { InstalledVoice, VoiceModel } from '../../novel/installed-voice.ts'
import type { CatalogueFile, CatalogueVoice } from '../../novel/voice-catalogue.ts'
import { type BundlePart, writeBundle } from '../../speech/onnx/model-bundle.ts'
import { VoiceUnavailable } from '../../speech/speech-engine.ts'
import { type DataPaths, downloadPath, voiceFiles } from '../local/data-paths.ts'
import { freeBytes, inMegabytes, reserveBytes } from '../local/disk-space.ts'
import { writeFileAtomically } from '../local/durable-files.ts'
import { modelKey, voiceKeys } from '../object-keys.ts'
import { type ObjectStore, readObject } from '../object-store.ts'
import { removeLeftovers } from '../unreferenced-objects.ts'
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
  /** Whether a model that the voice shares is there already. */
  readonly hasModel?: boolean
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
  { signal, onProgress, hasModel = false }: FetchOptions,
): Promise<FetchedVoice> {
  const path = downloadPath(folder, installId)
  await mkdir(path, { recursive: true })
  const paths = voiceFiles(path)
  const options = { signal, freeBytes: () => freeBytes(folder) }
  const models = voice.files.filter(({ role }) => role === 'model')
  const config = voice.files.find(({ role }) => role === 'config')
  const [model] = models
  if (!model) throw new Error(`the catalogue has no model of ${voice.id}`)
  if (config) await download(source, config, paths.config, options)
  const card = await cachedCard(folder, paths.card, () => fetchVoiceCard(source, voice, { signal }))
  if (!hasModel && models.length === 1) await download(source, model, paths.model, { ...options, onProgress })
  if (!hasModel && models.length > 1) await fetchBundle(folder, source, models, paths, { signal, onProgress })
  return { model: paths.model, ...(config && { config: paths.config }), ...(card !== undefined && { card }) }
}

/**
 * Downloads the files of a model that has several, or the missing ones, and makes them one. The bundle is there whole, or
 * absent. Throws what `download` throws.
 */
async function fetchBundle(
  folder: DataPaths,
  source: VoiceSource,
  files: readonly CatalogueFile[],
  paths: { readonly model: string; readonly parts: string },
  { signal, onProgress }: Pick<FetchOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  if (await fileExists(paths.model)) return
  await mkdir(paths.parts, { recursive: true })
  const parts: BundlePart[] = []
  let done = 0
  for (const file of files) {
    const name = posix.basename(file.path)
    const path = join(paths.parts, name)
    const before = done
    await download(source, file, path, {
      signal,
      freeBytes: () => freeBytes(folder),
      onProgress: (bytes) => onProgress(before + bytes),
    })
    done += file.bytes ?? 0
    parts.push({ name, path })
  }
  await packModel(folder, parts, paths)
}

/** Makes the files of a model one, and removes them. Throws `voice.no-room`. */
export async function packModel(
  folder: DataPaths,
  parts: readonly BundlePart[],
  paths: { readonly model: string; readonly parts: string },
): Promise<void> {
  const sizes = await Promise.all(parts.map(async ({ path }) => (await stat(path)).size))
  const needed = sizes.reduce((sum, size) => sum + size, 0) + reserveBytes
  const free = await freeBytes(folder)
  if (needed > free)
    throw new Failure('voice.no-room', {
      file: posix.basename(paths.model),
      needed: inMegabytes(needed),
      free: inMegabytes(free),
    })
  await writeBundle(parts, paths.model)
  await rm(paths.parts, { recursive: true, force: true })
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
 * Stores the files of an install under its id, and removes its folder below `downloads`; a model that voices share is
 * stored under its checksum, once. Idempotent: it may be repeated after a kill. Throws if there is no model.
 */
export async function placeVoice(
  folder: DataPaths,
  objects: ObjectStore,
  voice: Pick<InstalledVoice, 'checksum' | 'family' | 'folder'>,
  signal?: AbortSignal,
): Promise<void> {
  const paths = voiceFiles(downloadPath(folder, voice.folder))
  const keys = { ...voiceKeys(voice.folder), model: modelKey(voice) }
  for (const file of ['card', 'config', 'model'] as const) {
    if (await fileExists(paths[file])) await objects.putFile(keys[file], paths[file], signal)
  }
  if (!(await objects.head(keys.model))) throw new Error(`the install ${voice.folder} has no model`)
  await discardDownload(folder, voice.folder)
}

/** Removes what an install has downloaded so far. */
export async function discardDownload(folder: DataPaths, installId: string): Promise<void> {
  await rm(downloadPath(folder, installId), { recursive: true, force: true })
}

/** Removes folders with files of installed voices. */
export async function removeVoice(objects: ObjectStore, folders: readonly string[]): Promise<void> {
  await removeLeftovers(objects, folders.map((name) => `voices/${name}`))
}

/** Whether an installed voice's files are there as they were validated. Reads them whole. */
export async function isIntactVoice(
  objects: ObjectStore,
  voice: Pick<InstalledVoice, 'family' | 'folder' | 'checksum' | 'configured' | 'configChecksum'>,
): Promise<boolean> {
  const keys = { ...voiceKeys(voice.folder), model: modelKey(voice) }
  const isIntact = async (key: string, checksum: string | undefined): Promise<boolean> => {
    const hash = createHash('sha256')
    const object = await objects.get(key)
    if (!object) return false
    for await (const chunk of object.body) hash.update(chunk as Uint8Array)
    return checksum === undefined || hash.digest('hex') === checksum
  }
  if (!(await isIntact(keys.model, voice.checksum))) return false
  return !voice.configured || isIntact(keys.config, voice.configChecksum)
}

/** SHA-256 of an installed voice's configuration, hex. Throws if it is missing. */
export async function configChecksum(objects: ObjectStore, installId: string): Promise<string> {
  const config = await readObject(objects, voiceKeys(installId).config)
  if (!config) throw new Error(`the configuration of the voice ${installId} is missing`)
  return createHash('sha256').update(config).digest('hex')
}

/** An installed voice's model as it is stored. */
export interface StoredModel extends Omit<VoiceModel, 'model' | 'config'> {
  readonly modelKey: string
  /** Left out: it needs none. */
  readonly configKey?: string
}

/** A model as files of this machine, until disposed of. Throws `VoiceUnavailable` if a file is missing. */
export async function openModel(
  objects: ObjectStore,
  { modelKey, configKey, ...rest }: StoredModel,
): Promise<AsyncDisposable & { readonly model: VoiceModel }> {
  await using opened = new AsyncDisposableStack()
  const pathOf = async (key: string): Promise<string> => {
    const file = await objects.localFile(key)
    if (!file) throw new VoiceUnavailable(`its file ${key} is missing`)
    return opened.use(file).path
  }
  const model = await pathOf(modelKey)
  const config = configKey === undefined ? undefined : await pathOf(configKey)
  const open = opened.move()
  return { model: { ...rest, model, config }, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** A model for machines that need its checksum only; keys stand in place of paths. */
export function unopenedModel({ modelKey, configKey, ...rest }: StoredModel): VoiceModel {
  return { ...rest, model: modelKey, config: configKey }
}

async function fileExists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
