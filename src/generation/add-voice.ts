import { mkdir } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { noteLeftover } from '../database/leftover-files.ts'
import { insertVoice } from '../database/voices.ts'
import { renameDurably } from '../library/atomic-file.ts'
import { downloadPath, voiceFiles } from '../library/folder.ts'
import type { TemporaryFile } from '../library/incoming.ts'
import { discardDownload, placeVoice } from '../library/voice-folders.ts'
import { Failure } from '../novel/failure.ts'
import type { InstalledVoice } from '../novel/installed-voice.ts'
import { validateVoice } from '../speech/prove-voice.ts'
import type { Application } from './studio.ts'
import { applyVoiceChange } from './voices-changed.ts'

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
