import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { readSmallFile, type SmallFileOptions } from './read-small-file.ts'
import type { VoiceSource } from './voice-source.ts'

/** Larger ones are no cards. */
const maxCardBytes = 64 * 1024

/**
 * The card that tells where a voice comes from, as text; `undefined` where the source has none. Throws
 * `voice.unreachable`.
 */
export async function fetchVoiceCard(
  source: VoiceSource,
  voice: CatalogueVoice,
  options: Omit<SmallFileOptions, 'mostBytes'>,
): Promise<string | undefined> {
  const card = voice.files.find(({ role }) => role === 'card')
  const bytes = card && (await readSmallFile(source, card.path, { ...options, mostBytes: maxCardBytes }))
  return bytes && new TextDecoder().decode(bytes)
}
