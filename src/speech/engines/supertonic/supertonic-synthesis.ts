import { freeBuffers } from '../../onnx/free-buffers.ts'
import { normalNoise } from '../../seeded-noise.ts'
import type { SupertonicStyle } from '../../flow/voice-style.ts'
import type { SupertonicModel } from './supertonic-model.ts'

/** Steps from noise to speech: KorvaTTS's own, which is also its most. */
export const supertonicSteps = 32

/** No part of a text is longer at a quarter of the speed. */
const maxSeconds = 120

export interface SupertonicRequest {
  readonly ids: readonly number[]
  readonly voice: SupertonicStyle
  /** 1 = the voice's own speed. */
  readonly speed: number
  readonly seed: string
}

/**
 * Synthesizes the ids of characters: length → context → latent, from noise in steps that the model takes itself →
 * samples. All random numbers come from the seed. Throws an `Error` if a graph fails.
 */
export async function synthesizeSupertonic(
  { graphs, sampleRate, frameSamples, latentRows }: SupertonicModel,
  { ids, voice, speed, seed }: SupertonicRequest,
): Promise<Float32Array> {
  const text = {
    text_ids: graphs.ids(ids),
    text_mask: graphs.floats(new Float32Array(ids.length).fill(1), [1, 1, ids.length]),
  }
  const length = await graphs.run('duration_predictor', { ...text, style_dp: graphs.style(voice.duration) })
  const seconds = Math.min((length.data[0] ?? NaN) / speed, maxSeconds)
  const samples = Math.floor(seconds * sampleRate)
  if (!(samples > 0)) throw new Error('the voice’s duration_predictor gives no length')
  const style_ttl = graphs.style(voice.sound)
  const { tensor: text_emb } = await graphs.run('text_encoder', { ...text, style_ttl })
  const frames = Math.ceil(samples / frameSamples)
  const dimensions = [1, latentRows, frames]
  const latent_mask = graphs.floats(new Float32Array(frames).fill(1), [1, 1, frames])
  const total_step = graphs.floats(Float32Array.of(supertonicSteps))
  let latent = normalNoise(latentRows * frames, seed)
  for (let step = 0; step < supertonicSteps; step++) {
    const { data } = await graphs.run('vector_estimator', {
      noisy_latent: graphs.floats(latent, dimensions),
      text_emb,
      style_ttl,
      text_mask: text.text_mask,
      latent_mask,
      current_step: graphs.floats(Float32Array.of(step)),
      total_step,
    })
    freeBuffers(latent)
    latent = data
  }
  const { data: sound } = await graphs.run('vocoder', { latent: graphs.floats(latent, dimensions) })
  freeBuffers(latent)
  return withoutBurst(sound.slice(0, samples), sampleRate)
}

/** Where a burst is looked for, and what one is: a short, loud sound after a pause. In seconds. */
const burst = { within: 0.6, pause: 0.05, longest: 0.35, frame: 0.02, quiet: 0.01, loud: 0.4 }

/** Cuts off the noise that the vocoder makes now and then after the last pause: it is louder than speech there. */
function withoutBurst(samples: Float32Array, sampleRate: number): Float32Array {
  const width = Math.round(burst.frame * sampleRate)
  const least = Math.ceil((burst.pause * sampleRate) / width)
  let [pause, quiet] = [-1, 0]
  for (
    let at = Math.max(0, samples.length - burst.within * sampleRate) | 0;
    at + width <= samples.length;
    at += width
  ) {
    let sum = 0
    for (let index = at; index < at + width; index++) sum += samples[index]! ** 2
    quiet = Math.sqrt(sum / width) < burst.quiet ? quiet + 1 : 0
    if (quiet >= least) pause = at + width
  }
  const after = samples.subarray(pause)
  const isBurst =
    pause >= 0 &&
    after.length <= burst.longest * sampleRate &&
    after.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) >= burst.loud
  return isBurst ? samples.slice(0, pause) : samples
}
