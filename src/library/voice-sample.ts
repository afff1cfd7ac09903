import { posix } from 'node:path'
import type { CatalogueVoice } from '../novel/voice-catalogue.ts'
import { readSmallFile, type SmallFileOptions } from './read-small-file.ts'
import type { VoiceSource } from './voice-source.ts'

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
