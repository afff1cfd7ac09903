import { noteLeftover } from '../database/leftover-files.ts'
import { completeInstall } from '../database/voice-installs.ts'
import { fetchVoice } from '../library/fetch-voice.ts'
import { placeVoice } from '../library/voice-folders.ts'
import { licenceOf } from '../library/voice-licence.ts'
import type { VoiceSource } from '../library/voice-source.ts'
import type { InstalledVoice } from '../novel/installed-voice.ts'
import { proveVoice } from '../speech/prove-voice.ts'
import type { Studio } from './studio.ts'
import type { FetchVoice } from './voice-installer.ts'

/**
 * Fetches a voice of the catalogue, proves it and puts it among the installed ones: its files first, then its row with
 * the end of the install in one commit, so that a crash in between leaves files that the next start removes.
 */
export function fetchAndProve(
  { db, folder }: Pick<Studio, 'db' | 'folder'>,
  source: VoiceSource,
  onInstalled: () => Promise<void>,
): FetchVoice {
  return async ({ id }, voice, { onBytes, onFetched }, signal) => {
    const { card, ...paths } = await fetchVoice(folder, source, voice, id, { signal, onProgress: onBytes })
    await onFetched()
    const proof = await proveVoice({
      ...paths,
      file: voice.name,
      family: voice.family,
      language: voice.language,
      signal,
    })
    const licence = voice.licence ?? (card === undefined ? undefined : licenceOf(card))
    const installed: InstalledVoice = {
      id: voice.id,
      family: proof.family,
      name: voice.name,
      language: voice.language,
      ...(voice.gender !== undefined && { gender: voice.gender }),
      quality: voice.quality,
      speakers: proof.speakers,
      ...(licence !== undefined && { licence }),
      source: 'public',
      folder: id,
      configured: paths.config !== undefined,
      checksum: proof.checksum,
      ...(proof.configChecksum !== undefined && { configChecksum: proof.configChecksum }),
      bytes: voice.bytes,
      gain: proof.gain,
      pace: proof.pace,
      createdAt: new Date().toISOString(),
    }
    await noteLeftover(db, `voices/${id}`)
    await placeVoice(folder, id)
    signal.throwIfAborted()
    await completeInstall(db, id, installed)
    await onInstalled()
  }
}
