import { freeBuffers } from '../../onnx/free-buffers.ts'
import { normalNoise } from '../../seeded-noise.ts'
import type { VieneuStyle } from '../../flow/voice-style.ts'
import type { VieneuModel } from './vieneu-model.ts'

export const vieneuSampleRate = 24_000

/** Steps of Euler's method from noise to speech, and how far each goes beyond what nobody would say: the publisher's. */
export const vieneuSteps = 16
export const vieneuGuidance = 3

/** Rows of the latent: 24 of the codec, six frames of it at once. */
const latentRows = 144
/** The longest speech of the training data. */
const maxSeconds = 15
const leastFrames = 2

export interface VieneuRequest {
  /** Including those at either end. */
  readonly ids: readonly number[]
  readonly voice: VieneuStyle
  /** 1 = the voice's own speed. */
  readonly speed: number
  readonly seed: string
}

/**
 * Synthesizes ids: text → context → length → latent, from noise by Euler's method with classifier-free guidance →
 * samples. All random numbers come from the seed. Throws an `Error` if a graph fails.
 */
export async function synthesizeVieneu(
  { graphs, symbols, framesPerSecond, nobody }: VieneuModel,
  { ids, voice, speed, seed }: VieneuRequest,
): Promise<Float32Array> {
  const [spk, style] = [graphs.style(voice.speaker), graphs.style(voice.style)]
  const { tensor: ctx } = await graphs.run('text_encoder', { ids: graphs.ids(ids), style })
  const mask = graphs.flags(ids.length)
  const length = await graphs.run('duration_predictor', { ctx, ctx_mask: mask, spk })
  const seconds = Math.min(Math.exp(length.data[0] ?? NaN) / speed, maxSeconds)
  if (!(seconds > 0)) throw new Error('the voice’s duration_predictor gives no length')
  const frames = Math.max(leastFrames, Math.round(seconds * framesPerSecond))
  const empty = [symbols.beginning, symbols.end]
  const unconditional = await graphs.run('text_encoder', {
    ids: graphs.ids(empty),
    style: graphs.style(nobody.style),
  })
  const said = { ctx, ctx_mask: mask, spk, style }
  const nothing = {
    ctx: unconditional.tensor,
    ctx_mask: graphs.flags(empty.length),
    spk: graphs.style(nobody.speaker),
    style: graphs.style(nobody.style),
  }
  const latent = normalNoise(latentRows * frames, seed)
  const x = graphs.floats(latent, [1, latentRows, frames])
  for (let step = 0; step < vieneuSteps; step++) {
    const t = graphs.floats(Float32Array.of(step / vieneuSteps))
    const { data: towards } = await graphs.run('vector_estimator', { x, t, ...said })
    const { data: anyway } = await graphs.run('vector_estimator', { x, t, ...nothing })
    for (let at = 0; at < latent.length; at++) {
      const unguided = anyway[at]!
      latent[at]! += (unguided + vieneuGuidance * (towards[at]! - unguided)) / vieneuSteps
    }
    freeBuffers(towards, anyway)
  }
  const { data } = await graphs.run('codec_decoder', { x })
  return data.map((sample) => Math.max(-1, Math.min(1, sample)))
}
