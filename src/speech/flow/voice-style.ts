import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { BundledFamily } from '../../novel/model-parts.ts'

/** Numbers of a tensor, nested or flat. */
type Nested = number | readonly Nested[]

const numbers: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(numbers)]))
const tensor = z.object({ data: numbers, dims: z.array(z.number().int().positive()).length(3) })

/** `voice_styles/NAME.json` of Supertonic 3 and KorvaTTS. */
const supertonicStyle = z.object({ style_ttl: tensor, style_dp: tensor })

const preset = z.object({
  description: z.string().optional(),
  gender: z.string().optional(),
  speaker_emb: z.array(z.number()),
  style: z.array(z.array(z.number())),
})
/** `voices_v3_nano.json` of VieNeu-TTS: several voices. Reduced to one by `reducePresets`, it is a voice's own. */
const presets = z.object({ default_voice: z.string().optional(), presets: z.record(z.string(), preset) })

/** Numbers with their dimensions. */
export interface StyleTensor {
  readonly values: Float32Array<ArrayBuffer>
  readonly dimensions: readonly number[]
}

/** Of a voice of Supertonic's: what the duration predictor takes, and what the others do. */
export interface SupertonicStyle {
  readonly duration: StyleTensor
  readonly sound: StyleTensor
}

/** Of a voice of VieNeu's. */
export interface VieneuStyle {
  readonly name: string
  readonly gender?: 'female' | 'male'
  /** 192 numbers. */
  readonly speaker: StyleTensor
  /** 50 times 256 numbers. */
  readonly style: StyleTensor
}

/** Reads a voice's style. Throws an `Error` with one sentence for users. */
export async function readSupertonicStyle(path: string): Promise<SupertonicStyle> {
  const read = supertonicStyle.safeParse(await readJson(path))
  if (!read.success) throw new Error('it is no voice style of Supertonic’s (style_ttl, style_dp)')
  return { duration: tensorOf(read.data.style_dp), sound: tensorOf(read.data.style_ttl) }
}

/** Reads a voice's style: the only one of a file, else its default. Throws an `Error` with one sentence for users. */
export async function readVieneuStyle(path: string): Promise<VieneuStyle> {
  const [name, { speaker_emb: speaker, style, gender }] = chosen(parsePresets(await readJson(path)))
  return {
    name,
    ...((gender === 'female' || gender === 'male') && { gender }),
    speaker: finite(speaker, [1, speaker.length]),
    style: finite(style.flat(), [1, style.length, style[0]?.length ?? 0]),
  }
}

/**
 * Reduces a file with several voices of VieNeu's to one, as a voice of its own keeps it. `wanted`: its name; another than
 * there is: the default one. Throws an `Error` with one sentence for users.
 */
export function reducePresets(json: string, wanted: string | undefined): string {
  const all = parsePresets(parseJson(json))
  const [name, voice] = chosen(all, wanted)
  return JSON.stringify({ default_voice: name, presets: { [name]: voice } })
}

/** Whose style a JSON file is, by its beginning; `undefined`: it is none. */
export function familyOfStyle(beginning: string): BundledFamily | undefined {
  if (/"style_(?:ttl|dp)"/.test(beginning)) return 'supertonic'
  return /"(?:presets|speaker_emb)"/.test(beginning) ? 'vieneu' : undefined
}

function parsePresets(json: unknown): z.infer<typeof presets> {
  const read = presets.safeParse(json)
  if (!read.success || Object.keys(read.data.presets).length === 0)
    throw new Error('it is no list of VieNeu’s voices (presets with speaker_emb and style)')
  return read.data
}

function chosen(
  { default_voice: standard, presets: all }: z.infer<typeof presets>,
  wanted?: string,
): [string, z.infer<typeof preset>] {
  const voices = Object.entries(all)
  const named = (name: string | undefined) => voices.find(([one]) => one === name)
  return named(wanted) ?? named(standard) ?? voices[0]!
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error('the voice’s style cannot be read', { cause })
  })
  return parseJson(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error('the voice’s style is no JSON', { cause })
  }
}

function tensorOf({ data, dims }: z.infer<typeof tensor>): StyleTensor {
  return finite(flattened(data), dims)
}

function flattened(data: Nested): number[] {
  return typeof data === 'number' ? [data] : data.flatMap(flattened)
}

function finite(values: readonly number[], dimensions: readonly number[]): StyleTensor {
  const size = dimensions.reduce((product, length) => product * length, 1)
  if (values.length !== size || size === 0 || !values.every((value) => Math.abs(value) < 1000))
    throw new Error('the voice’s style is damaged: its numbers are not those that it should have')
  return { values: Float32Array.from(values), dimensions }
}
