import { mkdir } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { noteLeftover } from '../database/leftover-files.ts'
import { insertVoice } from '../database/voices.ts'
import { moveIntoPlace } from '../library/atomic-file.ts'
import { downloadPath, voiceFiles } from '../library/folder.ts'
import type { IncomingFile } from '../library/incoming.ts'
import { discardDownload, placeVoice } from '../library/voice-folders.ts'
import { Failure } from '../novel/failure.ts'
import type { InstalledVoice } from '../novel/installed-voice.ts'
import { proveVoice } from '../speech/prove-voice.ts'
import type { Studio } from './studio.ts'
import { voicesChanged } from './voices-changed.ts'

export interface OwnVoiceFiles {
  readonly model: IncomingFile
  /** As its sender called it: `en_US-mine-medium.onnx`. */
  readonly fileName: string
  readonly config?: IncomingFile
  /** What people shall call it; left out: the file's name. */
  readonly name?: string
}

/** As long as a name may be that somebody types. */
const mostNameCharacters = 100

/**
 * Proves a voice that somebody brings and puts it among the installed ones. The same model with the same configuration
 * again is the same voice; a corrected configuration makes another.
 * Throws `voice.unfit`.
 */
export async function addVoice(
  studio: Studio,
  { model, config, fileName, name }: OwnVoiceFiles,
  signal: AbortSignal,
): Promise<InstalledVoice> {
  const { db, folder, voices } = studio
  if (model.bytes === 0) throw new Failure('voice.unfit', { file: fileName, detail: 'it is empty' })
  const stem = fileName.replace(/\.onnx$/i, '').trim() || 'voice'
  const id = uuidv7()
  const at = voiceFiles(downloadPath(folder, id))
  try {
    await mkdir(downloadPath(folder, id))
    await moveIntoPlace(model.path, at.model)
    if (config) await moveIntoPlace(config.path, at.config)
    const proof = await proveVoice({
      model: at.model,
      ...(config && { config: at.config }),
      file: fileName,
      signal,
    })
    const same = voices.installedWith(proof)
    if (same) return same
    const voice: InstalledVoice = {
      id: freeId(studio, proof.family, stem),
      family: proof.family,
      name: name ?? stem.slice(0, mostNameCharacters),
      language: proof.language,
      speakers: proof.speakers,
      source: 'file',
      folder: id,
      configured: config !== undefined,
      checksum: proof.checksum,
      ...(proof.configChecksum !== undefined && { configChecksum: proof.configChecksum }),
      bytes: model.bytes,
      gain: proof.gain,
      pace: proof.pace,
      createdAt: new Date().toISOString(),
    }
    await noteLeftover(db, `voices/${id}`)
    await placeVoice(folder, id)
    await insertVoice(db, voice)
    await voicesChanged(studio)
    return voice
  } finally {
    await discardDownload(folder, id)
  }
}

/** The file's name in the characters of voice ids, with a number behind it when it is taken. */
function freeId({ voices }: Studio, family: string, stem: string): string {
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
