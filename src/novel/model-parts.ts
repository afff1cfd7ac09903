import type { VoiceFamily } from './installed-voice.ts'

/** Families whose model is several graphs with their settings, which are stored as one file. */
export const bundledFamilies = ['vieneu', 'supertonic'] as const satisfies readonly VoiceFamily[]
export type BundledFamily = (typeof bundledFamilies)[number]

export function isBundled(family: VoiceFamily): family is BundledFamily {
  return bundledFamilies.some((one) => one === family)
}

const flowGraphs = ['duration_predictor.onnx', 'text_encoder.onnx', 'vector_estimator.onnx']

/** The files of each family's model, under their publisher's names. */
const modelParts: Readonly<Record<BundledFamily, readonly string[]>> = {
  vieneu: [...flowGraphs, 'codec_decoder.onnx', 'config.json', 'constants.npz'],
  supertonic: [...flowGraphs, 'vocoder.onnx', 'tts.json', 'unicode_indexer.json'],
}

/** The most files that a model of several graphs has. */
export const mostParts = Math.max(...bundledFamilies.map((family) => modelParts[family].length))

/** Whether a file of this name belongs to a model of several graphs. */
export function isPartName(name: string): boolean {
  return bundledFamilies.some((family) => modelParts[family].includes(name))
}

/** The family whose files these are, or are among; `undefined`: of neither. */
export function familyOfParts(names: readonly string[]): BundledFamily | undefined {
  return bundledFamilies.find((family) => missingParts(family, names).length === 0)
}

/** The files that a family's model lacks. */
export function missingParts(family: BundledFamily, names: readonly string[]): readonly string[] {
  return modelParts[family].filter((name) => !names.includes(name))
}
