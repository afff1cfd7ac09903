import { mkdir } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import type { InstalledVoice } from '../../novel/installed-voice.ts'
import { spokenLanguage } from '../../novel/voice.ts'
import { validateVoice } from '../../speech/worker/voice-validation.ts'
import { downloadPath, voiceFiles } from '../../storage/folder/data-paths.ts'
import { renameDurably } from '../../storage/folder/durable-files.ts'
import type { TemporaryFile } from '../../storage/folder/temporary-files.ts'
import { noteLeftover } from '../../storage/queries/deletion-queries.ts'
import { completeInstall, deleteVoice, insertVoice, novelsWithVoice, renameVoice, saveVoiceDefault } from '../../storage/queries/voice-queries.ts'
import { licenceOf } from '../../storage/voices/voice-card.ts'
import { discardDownload, fetchVoice, placeVoice, removeVoice as removeFiles } from '../../storage/voices/voice-model-files.ts'
import type { VoiceSource } from '../../storage/voices/voice-source.ts'
import type { Application } from '../application.ts'
import { applyVoiceChange } from './voice-changes.ts'
import type { InstallVoice } from './voice-installer.ts'

/**
 * Fetches a voice of the catalogue, proves it and puts it among the installed ones: its files first, then its row with
 * the end of the install in one commit, so that a crash in between leaves files that the next start removes.
 */
export function catalogueInstaller(
  { db, folder }: Pick<Application, 'db' | 'folder'>,
  source: VoiceSource,
  onInstalled: () => Promise<void>,
): InstallVoice {
  return async ({ id }, voice, { onBytes, onFetched }, signal) => {
    const { card, ...paths } = await fetchVoice(folder, source, voice, id, { signal, onProgress: onBytes })
    await onFetched()
    const validation = await validateVoice({
      ...paths,
      file: voice.name,
      family: voice.family,
      language: voice.language,
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
      bytes: voice.bytes,
      gain: validation.gain,
      pace: validation.pace,
      createdAt: new Date().toISOString(),
    }
    await noteLeftover(db, `voices/${id}`)
    await placeVoice(folder, id)
    signal.throwIfAborted()
    await completeInstall(db, id, installed)
    await onInstalled()
  }
}

export interface UploadedVoiceFiles {
  readonly model: TemporaryFile
  /** As its sender called it: `en_US-mine-medium.onnx`. */
  readonly fileName: string
  readonly config?: TemporaryFile
  /** What people shall call it; left out: the file's name. */
  readonly name?: string
}

/** As long as a name may be that somebody types. */
const maxNameCharacters = 100

/**
 * Proves a voice that somebody brings and puts it among the installed ones. The same model with the same configuration
 * again is the same voice; a corrected configuration makes another.
 * Throws `voice.unfit`.
 */
export async function addUploadedVoice(
  application: Application,
  { model, config, fileName, name }: UploadedVoiceFiles,
  signal: AbortSignal,
): Promise<InstalledVoice> {
  const { db, folder, voices } = application
  if (model.bytes === 0) throw new Failure('voice.unfit', { file: fileName, detail: 'it is empty' })
  const stem = fileName.replace(/\.onnx$/i, '').trim() || 'voice'
  const id = uuidv7()
  const at = voiceFiles(downloadPath(folder, id))
  try {
    await mkdir(downloadPath(folder, id))
    await renameDurably(model.path, at.model)
    if (config) await renameDurably(config.path, at.config)
    const validation = await validateVoice({
      model: at.model,
      ...(config && { config: at.config }),
      file: fileName,
      signal,
    })
    const same = voices.installedWith(validation)
    if (same) return same
    const voice: InstalledVoice = {
      id: freeId(application, validation.family, stem),
      family: validation.family,
      name: name ?? stem.slice(0, maxNameCharacters),
      language: validation.language,
      speakers: validation.speakers,
      source: 'file',
      folder: id,
      configured: config !== undefined,
      checksum: validation.checksum,
      ...(validation.configChecksum !== undefined && { configChecksum: validation.configChecksum }),
      bytes: model.bytes,
      gain: validation.gain,
      pace: validation.pace,
      createdAt: new Date().toISOString(),
    }
    await noteLeftover(db, `voices/${id}`)
    await placeVoice(folder, id)
    await insertVoice(db, voice)
    await applyVoiceChange(application)
    return voice
  } finally {
    await discardDownload(folder, id)
  }
}

/** The file's name in the characters of voice ids, with a number behind it when it is taken. */
function freeId({ voices }: Application, family: string, stem: string): string {
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
 * Changes what a voice is called and which language it speaks (installed voices only), and of which language it is the
 * default. Throws `voice.unknown`, `voice.built-in`.
 */
export async function changeVoice(
  application: Application,
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
  // In another language it may speak with another accent.
  if (language === undefined) await voices.reload()
  else await applyVoiceChange(application)
}

/**
 * Removes an installed voice: what it has spoken stays, what it was still to speak waits. Returns the novels that had
 * it. Throws `voice.unknown`, `voice.built-in`.
 */
export async function removeInstalledVoice(application: Application, id: string): Promise<{ id: string; title: string }[]> {
  const { db, folder, voices } = application
  const voice = voices.byId(id)
  const installed = voices.installed(id)
  if (!installed) throw new Failure('voice.built-in', { voice: voice.name, verb: 'removed' })
  const novels = await novelsWithVoice(db, id)
  // Files last: a crash in between leaves files that the database has noted as left over.
  await deleteVoice(db, id)
  await applyVoiceChange(application)
  await removeFiles(folder, installed.folder)
  return novels
}
