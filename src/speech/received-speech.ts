import { decodeAudio } from '../audio/decode-audio.ts'
import { resample } from '../audio/resample.ts'
import { concatenate } from '../audio/samples.ts'
import type { Speech } from './engine.ts'
import type { ReceivedAudio } from './speaker-protocol.ts'

/**
 * What a speech server gave, as an engine would have made it, without word times: the pieces of a text one after the
 * other, at the rate of the first. Throws an `Error` when one of them is no sound.
 */
export function decodeReceivedSpeech({ pieces, pcmRate }: ReceivedAudio): Speech {
  const sounds = pieces.map((bytes) => decodeAudio(bytes, pcmRate === undefined ? {} : { pcmRate }))
  const sampleRate = sounds[0]?.sampleRate ?? 0
  const parts = sounds.map((sound) =>
    sound.sampleRate === sampleRate ? sound.samples : resample(sound.samples, sound.sampleRate, sampleRate),
  )
  return { samples: concatenate(parts), sampleRate, words: [] }
}
