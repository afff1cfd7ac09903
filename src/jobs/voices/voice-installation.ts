import { mkdir } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { type BlendPart, foldersOf, type InstalledVoice, isKokoro, sharesModel, type StoredWeights, type VoiceFamily } from '../../novel/installed-voice.ts'
import { namedVoice, styleBytes, weightsToFetch, withWeights } from '../../novel/kokoro-voices.ts'
import { spokenLanguage } from '../../novel/voice.ts'
import type { VoiceValidation } from '../../speech/worker/worker-protocol.ts'
import { downloadPath, voiceFiles } from '../../storage/local/data-paths.ts'
import { renameDurably } from '../../storage/local/durable-files.ts'
import type { TemporaryFile } from '../../storage/local/temporary-files.ts'
import { noteLeftover } from '../../storage/queries/deletion-queries.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import { completeInstall, deleteVoice, insertVoice, moveVoice, noteInstallFiles, noteSharedModel, novelsWithVoice, renameVoice, saveVoiceDefault, unfinishedInstalls } from '../../storage/queries/voice-queries.ts'
import { licenceOf } from '../../storage/voices/voice-card.ts'
import { discardDownload, fetchVoice, isIntactVoice, openModel, packModel, placeVoice, removeVoice as removeFiles } from '../../storage/voices/voice-model-files.ts'
import type { VoiceSource } from '../../storage/voices/voice-source.ts'
import type { Application } from '../application.ts'
import { sharedModel, storedModelOf } from './shared-model.ts'
import { catalogueModel } from './voice-offers.ts'
import { familyOfFiles, readsVietnamese, withoutModel } from './uploaded-model.ts'
import { applyVoiceChange, type VoiceChangeParts } from './voice-changes.ts'
import type { InstallVoice } from './voice-installer.ts'

type InstallParts = VoiceChangeParts & Pick<Application, 'folder' | 'objects'>

/**
 * Downloads, validates and installs a voice of the catalogue: its files first, then one commit of its row and the end of
 * the install, so that a crash in between leaves files that the next start deletes.
 */
export function catalogueInstaller(
  { db, folder, objects, voices }: Pick<Application, 'db' | 'folder' | 'objects' | 'voices'>,
  source: VoiceSource,
  onInstalled: () => Promise<void>,
): InstallVoice {
  return async ({ id, weights: wanted }, offered, { onBytes, onFetched }, signal) => {
    const weights = weightsToFetch(offered.family, wanted)
    const voice = withWeights(offered, weights)
    const shared = await sharedModel({ objects, voices }, voice.family, catalogueModel(voice, weights))
    const { card, ...paths } = await fetchVoice(folder, source, voice, id, {
      signal,
      onProgress: onBytes,
      hasModel: shared !== undefined,
    })
    await onFetched()
    await using opened = shared && (await openModel(objects, shared.model))
    const { validateVoice } = await import('../../speech/worker/voice-validation.ts')
    const validation = await validateVoice({
      ...paths,
      ...(opened && { model: opened.model.model }),
      file: voice.name,
      family: voice.family,
      language: voice.language,
      ...(voice.family === 'vieneu' && { preset: voice.name }),
      signal,
    })
    const licence = voice.licence ?? (card === undefined ? undefined : licenceOf(card))
    const installed: InstalledVoice = {
      id: voice.id,
      family: validation.family,
      name: voice.name,
      language: voice.language,
      ...(voice.gender !== undefined && { gender: voice.gender }),
      quality: voice.quality,
      speakers: validation.speakers,
      ...(licence !== undefined && { licence }),
      source: 'public',
      folder: id,
      configured: paths.config !== undefined,
      checksum: validation.checksum,
      ...(validation.configChecksum !== undefined && { configChecksum: validation.configChecksum }),
      ...measured(validation),
      ...(validation.frontEnd !== undefined && { frontEnd: validation.frontEnd }),
      ...weightsOf(voice.family, shared, weights),
      createdAt: new Date().toISOString(),
    }
    const checksum = sharesModel(voice.family) ? validation.checksum : undefined
    if (!(await noteInstallFiles(db, id, checksum))) return
    await placeVoice(folder, objects, installed, signal)
    signal.throwIfAborted()
    if (await completeInstall(db, id, installed)) await onInstalled()
  }
}

function weightsOf(
  family: VoiceFamily,
  shared: { readonly weights?: StoredWeights } | undefined,
  wanted: StoredWeights | undefined,
): Pick<InstalledVoice, 'weights'> {
  if (!isKokoro(family)) return {}
  const weights = shared ? shared.weights : (wanted ?? 'fp16')
  return weights === undefined ? {} : { weights }
}

/** What a validation measured of a voice. */
function measured(validation: VoiceValidation): Pick<InstalledVoice, 'bytes' | 'cost' | 'gain' | 'pace'> {
  const { bytes, gain, pace, speechPerCpuSecond, memoryBytes } = validation
  return { bytes, gain, pace, cost: { speechPerCpuSecond, memoryBytes } }
}

export interface UploadedVoiceFiles {
  /** Left out for a style, if the model that it belongs to is here. */
  readonly model?: TemporaryFile
  /** Instead, the files of a model that has several, by their publisher's names. */
  readonly parts?: readonly { readonly name: string; readonly file: TemporaryFile }[]
  /** Whose style it is, where it comes without a model. */
  readonly styleOf?: VoiceFamily
  /** The name of the uploaded file: `en_US-mine-medium.onnx`, `af_mine.bin`. */
  readonly fileName: string
  readonly config?: TemporaryFile
  /** Display name; the file's name if left out. */
  readonly name?: string
  /** Of what the table of styles was blended; the voice shares the model of the first. */
  readonly blend?: { readonly parts: readonly BlendPart[]; readonly of: InstalledVoice }
}

/** The limit of names that users enter. */
const maxNameCharacters = 100

/**
 * Validates and installs an uploaded voice. Idempotent: the same model with the same configuration is the same voice,
 * whose files are replaced if they are lost or damaged; a changed configuration makes another. Throws `voice.unfit` and the signal's reason.
 */
export async function addUploadedVoice(
  application: InstallParts,
  { model, parts = [], styleOf = 'kokoro', config, fileName, name, blend }: UploadedVoiceFiles,
  signal: AbortSignal,
): Promise<InstalledVoice> {
  const { db, folder, objects, voices } = application
  if (model?.bytes === 0) throw new Failure('voice.unfit', { file: fileName, detail: 'it is empty' })
  const family = familyOfFiles(parts, fileName)
  const stem = fileName.replace(/\.(?:onnx|bin|json)$/i, '').trim() || 'voice'
  const named = blend?.of ?? (config?.bytes === styleBytes ? namedVoice(stem) : undefined)
  const brought = model !== undefined || family !== undefined
  const shared = brought
    ? undefined
    : blend
      ? await storedModelOf(application, blend.of)
      : await sharedModel(application, named?.family ?? styleOf)
  if (!brought && !shared)
    throw new Failure('voice.unfit', { file: fileName, detail: withoutModel(styleOf) })
  const id = uuidv7()
  const at = voiceFiles(downloadPath(folder, id))
  try {
    await mkdir(downloadPath(folder, id))
    if (model) await renameDurably(model.path, at.model)
    if (family) {
      const files = parts.map((part) => ({ name: part.name, path: part.file.path }))
      await packModel(folder, files, at)
    }
    if (config) await renameDurably(config.path, at.config)
    await using opened = shared && (await openModel(objects, shared.model))
    const { validateVoice } = await import('../../speech/worker/voice-validation.ts')
    const validation = await validateVoice({
      model: opened?.model.model ?? at.model,
      ...(config && { config: at.config }),
      ...(named && { language: named.language, family: named.family }),
      ...(readsVietnamese(family ?? (shared ? styleOf : undefined)) && { language: 'vi-VN' }),
      ...(name !== undefined && { preset: name }),
      file: fileName,
      signal,
    })
    const same = voices.installedWith(validation)
    if (same) return (await isIntactVoice(objects, same)) ? same : await replaceFiles(application, same, id, signal)
    const gender = named?.gender ?? validation.gender
    const voice: InstalledVoice = {
      id: freeId(application, validation.family, validation.name ?? stem),
      family: validation.family,
      name: name ?? named?.name ?? (validation.name ?? stem).slice(0, maxNameCharacters),
      language: validation.language,
      ...(gender !== undefined && { gender }),
      speakers: validation.speakers,
      source: blend ? 'blend' : 'file',
      ...(blend && { blend: blend.parts }),
      folder: id,
      configured: config !== undefined,
      checksum: validation.checksum,
      ...(validation.configChecksum !== undefined && { configChecksum: validation.configChecksum }),
      ...measured(validation),
      ...(validation.frontEnd !== undefined && { frontEnd: validation.frontEnd }),
      ...(shared?.weights !== undefined && { weights: shared.weights }),
      createdAt: new Date().toISOString(),
    }
    await noteLeftover(db, `voices/${id}`)
    if (sharesModel(voice.family)) await noteSharedModel(db, voice.checksum)
    await placeVoice(folder, objects, voice, signal)
    await insertVoice(db, voice)
    await applyVoiceChange(application)
    return voice
  } finally {
    await discardDownload(folder, id)
  }
}

/** Gives a voice the files of a new folder below `downloads`. A crash leaves one folder or the other as a leftover. */
async function replaceFiles(
  application: InstallParts,
  voice: InstalledVoice,
  folder: string,
  signal: AbortSignal,
): Promise<InstalledVoice> {
  const { db, folder: paths, objects } = application
  await noteLeftover(db, `voices/${folder}`)
  await placeVoice(paths, objects, { ...voice, folder }, signal)
  if (!(await moveVoice(db, voice, folder))) {
    await removeFiles(objects, [folder])
    throw new Failure('voice.unknown', { voice: voice.id })
  }
  await applyVoiceChange(application)
  await removeFiles(objects, [voice.folder])
  return { ...voice, folder }
}

/** A voice id from the file's name, with a number appended if it is taken. */
function freeId({ voices }: Pick<Application, 'voices'>, family: string, stem: string): string {
  const slug = stem
    .normalize('NFKD')
    .replaceAll(/[^\w.-]+/g, '-')
    .slice(0, 80)
  const id = `${family}:${/\w/.test(slug) ? slug : 'voice'}`
  const taken = new Set(voices.all.map((voice) => voice.id))
  let free = id
  for (let number = 2; taken.has(free); number++) free = `${id}-${number}`
  return free
}

/**
 * Changes the name and language of a voice (installed voices only), and makes it the default of a language. Throws
 * `voice.unknown`, `voice.built-in`.
 */
export async function changeVoice(
  application: VoiceChangeParts,
  id: string,
  change: {
    readonly name?: string | undefined
    readonly language?: string | undefined
    readonly defaultFor?: string | undefined
  },
): Promise<void> {
  const { db, voices } = application
  const voice = voices.byId(id)
  const { name, language, defaultFor } = change
  if (name !== undefined || language !== undefined) {
    if (!voices.installed(id)) throw new Failure('voice.built-in', { voice: voice.name, verb: 'changed' })
    await renameVoice(db, id, {
      ...(name !== undefined && { name }),
      ...(language !== undefined && { language }),
    })
  }
  if (defaultFor !== undefined) await saveVoiceDefault(db, spokenLanguage(defaultFor), id)
  // A change of language may change the accent, and so the recipes.
  if (language !== undefined) return applyVoiceChange(application)
  await voices.reload()
  application.eventBus.publish({ kind: 'voices' })
}

/**
 * Removes an installed voice: its clips are kept, its generations stay pending. Returns the novels that use it and `eyes` see. Throws
 * `voice.unknown`, `voice.built-in`.
 */
export async function removeInstalledVoice(application: VoiceChangeParts & Pick<Application, 'objects'>, id: string, eyes: Eyes): Promise<{ id: string; title: string }[]> {
  const { db, objects, voices } = application
  const voice = voices.byId(id)
  const installed = voices.installed(id)
  if (!installed) throw new Failure('voice.built-in', { voice: voice.name, verb: 'removed' })
  const novels = await novelsWithVoice(db, eyes, id)
  // Files last: a crash in between leaves files that the database lists as leftovers.
  await deleteVoice(db, id)
  await applyVoiceChange(application)
  const isNeeded =
    sharesModel(installed.family) &&
    (voices.hasModel(installed.checksum) || (await unfinishedInstalls(db)).length > 0)
  await removeFiles(objects, isNeeded ? [installed.folder] : foldersOf(installed))
  return novels
}
