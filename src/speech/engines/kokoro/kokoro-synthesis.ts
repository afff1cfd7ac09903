import type { Tensor } from 'onnxruntime-node'
import { freeBuffers } from '../../onnx/free-buffers.ts'
import { type OnnxNetwork } from '../../onnx/onnx-network.ts'
import type { ChunkAudio } from '../../phoneme-chunks.ts'
import { normalNoise, uniformNoise } from '../../seeded-noise.ts'
import { styleFor, type StyleTable } from '../../style-table.ts'

export const kokoroSampleRate = 24_000

/** Samples of one unit of the durations. */
const unitSamples = 600
/** The sound comes this much earlier than the durations say: measured against forced alignment, 232 words. */
const leadSamples = 1800
/** A word before a mark ends where its energy does: the pause is part of its last phoneme's duration. */
const energyFrame = 240
const silentShare = 0.03

/** Random numbers per id where an export draws some; fewer are repeated. */
const noisePerId = 600

export interface KokoroRequest {
  /** Including the 0 at either end. */
  readonly ids: readonly number[]
  readonly style: StyleTable
  /** 1 = the voice's own speed. */
  readonly speed: number
  readonly seed: string
  /** Ids of marks, and of what stands between words. */
  readonly marks: ReadonlySet<number>
  readonly blanks: ReadonlySet<number>
}

/** Synthesizes ids. All random numbers come from the seed. Throws an `Error` if the network gives no sound. */
export async function synthesizeKokoro(network: OnnxNetwork, request: KokoroRequest): Promise<ChunkAudio> {
  const { durations, session } = network
  const outputs = await session.run(feedsOf(network, request))
  const sound = Object.entries(outputs).find(
    ([name, { data }]) => name !== durations && data instanceof Float32Array,
  )
  const samples = sound?.[1].data
  if (!(samples instanceof Float32Array) || samples.length === 0)
    throw new Error('the voice’s network gives no sound')
  if (!samples.every(Number.isFinite))
    throw new Error('the voice’s network gives samples that are no numbers')
  const units = durations === undefined ? undefined : outputs[durations]?.data
  const lengths =
    units === undefined
      ? []
      : idLengths(Array.from(units as Iterable<number | bigint>, Number), samples, request)
  freeBuffers(units)
  return { samples, seconds: lengths.map((length) => length / kokoroSampleRate) }
}

function feedsOf(
  { Tensor: Input, inputs, noises }: OnnxNetwork,
  { ids, style, speed, seed }: KokoroRequest,
): Record<string, Tensor> {
  const length = ids.length * noisePerId
  const noise = noises.map(({ name, distribution }) => {
    const values = (distribution === 'normal' ? normalNoise : uniformNoise)(length, `${seed}/${distribution}`)
    return [name, new Input('float32', values, [length])] as const
  })
  const row = styleFor(style, ids.length - 2)
  return {
    [inputs.includes('tokens') ? 'tokens' : 'input_ids']: new Input(
      'int64',
      BigInt64Array.from(ids, BigInt),
      [1, ids.length],
    ),
    style: new Input('float32', row, [1, row.length]),
    speed: new Input('float32', Float32Array.of(speed), [1]),
    ...Object.fromEntries(noise),
  }
}

/**
 * The samples of each id as they are heard; empty if the network's durations do not add up to its sound. What a word
 * before a mark has of silence at its end is given to the mark.
 */
function idLengths(units: readonly number[], samples: Float32Array, request: KokoroRequest): number[] {
  const { ids, marks, blanks } = request
  const sum = units.reduce((total, count) => total + count, 0)
  if (units.length !== ids.length || sum * unitSamples !== samples.length) return []
  const lengths = withoutLead(units.map((count) => count * unitSamples))
  let wordAt = 0
  let at = 0
  for (const [index, id] of ids.entries()) {
    const next = ids[index + 1]
    const end = at + lengths[index]!
    if (id === 0 || blanks.has(id) || marks.has(id)) wordAt = end
    else if (next !== undefined && (next === 0 || marks.has(next))) {
      const heard = Math.max(heardUntil(samples, wordAt, end), at)
      lengths[index] = heard - at
      lengths[index + 1]! += end - heard
      at = heard
      continue
    }
    at = end
  }
  return lengths
}

/** Moves all boundaries `leadSamples` ahead, but none before the beginning. */
function withoutLead(lengths: readonly number[]): number[] {
  let lead = leadSamples
  return lengths.map((length, index) => {
    const cut = Math.min(lead, length)
    lead -= cut
    return index === lengths.length - 1 ? length - cut + leadSamples - lead : length - cut
  })
}

/** End of the last frame that is not silent beside the loudest one. */
function heardUntil(samples: Float32Array, from: number, to: number): number {
  let most = 0
  const peaks: number[] = []
  for (let at = from; at < to; at += energyFrame) {
    let peak = 0
    for (let index = at; index < Math.min(at + energyFrame, to); index++)
      peak = Math.max(peak, Math.abs(samples[index]!))
    peaks.push(peak)
    most = Math.max(most, peak)
  }
  const last = peaks.findLastIndex((peak) => peak >= silentShare * most)
  return last < 0 ? to : Math.min(to, from + (last + 1) * energyFrame)
}
