import { deleteVoice, novelsWithVoice, renameVoice, saveVoiceDefault } from '../database/voices.ts'
import { removeVoice as removeFiles } from '../library/voice-folders.ts'
import { Failure } from '../novel/failure.ts'
import { spokenLanguage } from '../novel/voice.ts'
import type { Application } from './studio.ts'
import { applyVoiceChange } from './voices-changed.ts'

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
