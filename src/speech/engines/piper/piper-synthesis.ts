import type { Tensor } from 'onnxruntime-node'
import { freeBuffers } from '../../onnx/free-buffers.ts'
import { type OnnxNetwork } from '../../onnx/onnx-network.ts'
import type { ChunkAudio } from '../../phoneme-chunks.ts'
import { normalNoise, uniformNoise } from '../../seeded-noise.ts'
import type { PiperConfig } from './piper-config.ts'

/**
 * Noise values per id at length scale 1. The largest networks use 192 per frame and 2 per id; in 80 sentences Joe had
 * 2.3 frames per id, 3.7 in the shortest ("No!"). A chunk that needs more reuses the same noise. Generating it costs
 * 0.1 % of the network's time.
 */
const noisePerId = 192 * 8

export interface SynthesisOptions {
  /** 1 = the voice's own speed. */
  readonly speed: number
  /** The speaker's number, from 0. */
  readonly speaker: number
  readonly seed: string
}

/** The runtime could not run the network on these ids. */
export class InferenceError extends Error {
  constructor(options: ErrorOptions) {
    super('the voice’s network failed on this text', options)
  }
}

/**
 * Synthesizes ids, including `^` and `$`. All random numbers come from the seed. Throws an `InferenceError` if the
 * network fails on the ids, and an `Error` if it returns no samples.
 */
export async function synthesizePiper(
  network: OnnxNetwork,
  config: PiperConfig,
  ids: readonly number[],
  options: SynthesisOptions,
): Promise<ChunkAudio> {
  const outputs = await network.session
    .run(feedsOf(network, config, ids, options))
    .catch((error: unknown) => {
      throw new InferenceError({ cause: error })
    })
  const samples = outputs['output']?.data
  if (!(samples instanceof Float32Array)) throw new Error('the voice’s network gives no sound')
  const units = network.durations === undefined ? undefined : outputs[network.durations]?.data
  const seconds = units === undefined ? [] : secondsOf(units, samples.length / config.sampleRate)
  freeBuffers(units)
  return { samples, seconds }
}

function feedsOf(
  { Tensor: Input, inputs, noises }: OnnxNetwork,
  { noiseScale, lengthScale, noiseW }: PiperConfig,
  ids: readonly number[],
  { speed, speaker, seed }: SynthesisOptions,
): Record<string, Tensor> {
  const scale = lengthScale / speed
  const length = Math.ceil(ids.length * noisePerId * Math.max(1, scale))
  const noise = noises.map(({ name, distribution }) => {
    const values = (distribution === 'normal' ? normalNoise : uniformNoise)(length, `${seed}/${distribution}`)
    return [name, new Input('float32', values, [length])] as const
  })
  return {
    input: new Input('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    input_lengths: new Input('int64', BigInt64Array.of(BigInt(ids.length)), [1]),
    scales: new Input('float32', Float32Array.of(noiseScale, scale, noiseW), [3]),
    ...(inputs.includes('sid') && { sid: new Input('int64', BigInt64Array.of(BigInt(speaker)), [1]) }),
    ...Object.fromEntries(noise),
  }
}

/** Converts durations in frames to seconds that add up to the length of the samples; empty if they are unusable. */
function secondsOf(units: Tensor.DataType, totalSeconds: number): number[] {
  const frames = Array.from(units as Iterable<number | bigint>, Number)
  const sum = frames.reduce((total, count) => total + count, 0)
  const usable = sum > 0 && frames.every((count) => count >= 0 && Number.isFinite(count))
  return usable ? frames.map((count) => (count * totalSeconds) / sum) : []
}
