import { noteLeftover } from '../database/leftover-files.ts'
import { completeInstall } from '../database/voice-installs.ts'
import { fetchVoice } from '../library/fetch-voice.ts'
import { placeVoice } from '../library/voice-folders.ts'
import { licenceOf } from '../library/voice-licence.ts'
import type { VoiceSource } from '../library/voice-source.ts'
import type { InstalledVoice } from '../novel/installed-voice.ts'
import { validateVoice } from '../speech/prove-voice.ts'
import type { Application } from './studio.ts'
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
