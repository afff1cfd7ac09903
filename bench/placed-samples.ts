import { resample } from '../src/audio/codec/ffmpeg.ts'
import { amplify, trimSilence } from '../src/audio/samples.ts'
import { headSamples, leastTailSamples } from '../src/audio/mastering-settings.ts'
import { frameSamples, sampleRate } from '../src/novel/clip.ts'
import type { Speech } from '../src/speech/speech-engine.ts'

/** The samples that the pipeline encodes for a speech: trimmed, resampled, between lead-in and pause. */
export function placedSamples(speech: Speech, gain: number, pauseSeconds: number): Float32Array {
  const trimmed = trimSilence(speech.samples, speech.sampleRate).samples
  const voiced = amplify(resample(trimmed, speech.sampleRate, sampleRate), gain)
  const wanted = Math.round((voiced.length + pauseSeconds * sampleRate) / frameSamples)
  const least = Math.ceil((headSamples + voiced.length + leastTailSamples) / frameSamples)
  const samples = new Float32Array(Math.max(wanted, least) * frameSamples)
  samples.set(voiced, headSamples)
  return samples
}
