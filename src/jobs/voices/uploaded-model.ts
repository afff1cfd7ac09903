import { bundledFamilies, type BundledFamily, familyOfParts, missingParts } from '../../novel/model-parts.ts'
import { Failure } from '../../novel/failure.ts'
import type { VoiceFamily } from '../../novel/installed-voice.ts'

/** Of a style that came alone. */
const noModel: Readonly<Record<string, string>> = {
  kokoro:
    'it belongs to Kokoro, whose model is not here: choose its model (.onnx) together with it, or install one of Kokoro’s voices first',
  vieneu:
    'it belongs to VieNeu, whose model is not here: choose its files together with it, or install one of VieNeu’s voices first',
  supertonic:
    'it belongs to Supertonic or KorvaTTS, whose model is not here: choose its files together with it, or install one of their voices first',
}

/** Why a style of this family cannot be taken without its model. */
export function withoutModel(family: VoiceFamily): string {
  return noModel[family] ?? `its model is not here: choose it together with its style`
}

/** The family whose model these files are; `undefined`: none came. Throws `voice.unfit` if some are missing. */
export function familyOfFiles(
  parts: readonly { readonly name: string }[],
  file: string,
): BundledFamily | undefined {
  if (parts.length === 0) return undefined
  const names = parts.map(({ name }) => name)
  const family = familyOfParts(names)
  if (family) return family
  const [likely] = bundledFamilies.toSorted(
    (one, other) => missingParts(one, names).length - missingParts(other, names).length,
  )
  const missing = missingParts(likely!, names).join(', ')
  throw new Failure('voice.unfit', { file, detail: `its model lacks ${missing}: choose all of its files together` })
}

/** Whether voices of the family come without a language, and most of them are Vietnamese. */
export function readsVietnamese(family: VoiceFamily | undefined): boolean {
  return family === 'vieneu' || family === 'supertonic'
}
