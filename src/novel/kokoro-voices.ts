import type { StoredWeights, VoiceFamily } from './installed-voice.ts'
import type { CatalogueFile, CatalogueVoice } from './voice-catalogue.ts'

/** The languages of Kokoro's voices, by the first letter of their names: `af_bella`. */
const languages: Readonly<Record<string, string>> = {
  a: 'en-US',
  b: 'en-GB',
  e: 'es',
  f: 'fr-FR',
  h: 'hi',
  i: 'it',
  j: 'ja',
  p: 'pt-BR',
  z: 'zh',
}

/** Bytes of a voice's table of styles. */
export const styleBytes = 522_240

/** The English voices of the Chinese model; its others have numbers: `zf_001`. */
const englishOfChinese = /^(?:af_maple|af_sol|bf_vale)$/i

interface NamedVoice {
  readonly name: string
  readonly family: VoiceFamily
  readonly language: string
  readonly gender: 'female' | 'male'
}

/** What the name of a table of styles says of its voice; `undefined` if it is not named as Kokoro's are. */
export function namedVoice(name: string): NamedVoice | undefined {
  const [, letter = '', gender, own = ''] = /^([a-z])([fm])_([a-z\d]+)$/i.exec(name) ?? []
  const language = languages[letter.toLowerCase()]
  if (language === undefined) return undefined
  return {
    name: `Kokoro ${own.charAt(0).toUpperCase()}${own.slice(1)}`,
    family: /^z._\d{3}$/i.test(name) || englishOfChinese.test(name) ? 'kokoro-zh' : 'kokoro',
    language,
    gender: gender?.toLowerCase() === 'f' ? 'female' : 'male',
  }
}

/**
 * Kokoro-82M as it is published (onnx-community/Kokoro-82M-v1.0-ONNX, Apache-2.0): the same model with weights of three
 * sizes, beside that of the catalogue.
 */
const publishedModels: Readonly<Record<StoredWeights, { name: string; bytes: number; sha256: string }>> = {
  fp16: {
    name: 'model_fp16.onnx',
    bytes: 163_234_740,
    sha256: 'ba4527a874b42b21e35f468c10d326fdff3c7fc8cac1f85e9eb6c0dfc35c334a',
  },
  fp32: {
    name: 'model.onnx',
    bytes: 325_532_232,
    sha256: '8fbea51ea711f2af382e88c833d9e288c6dc82ce5e98421ea61c058ce21a34cb',
  },
  int8: {
    name: 'model_quantized.onnx',
    bytes: 92_361_116,
    sha256: 'fbae9257e1e05ffc727e951ef9b9c98418e6d79f1c9b6b13bd59f5c9028a1478',
  },
}

/**
 * As which the weights of a family's model are fetched. The Chinese model is taken in single precision: peers found its
 * half precision silent, and its int8 by far the slowest.
 */
export function weightsToFetch(
  family: VoiceFamily,
  wanted: StoredWeights | undefined,
): StoredWeights | undefined {
  return family === 'kokoro-zh' ? 'fp32' : wanted
}

/** Bytes to download for each size of weights. */
export const publishedBytes: Readonly<Record<StoredWeights, number>> = {
  fp16: publishedModels.fp16.bytes,
  fp32: publishedModels.fp32.bytes,
  int8: publishedModels.int8.bytes,
}

/** A voice of Kokoro's with weights of another size: the file beside the catalogue's. Others are returned as they are. */
export function withWeights(voice: CatalogueVoice, weights: StoredWeights | undefined): CatalogueVoice {
  if (voice.family !== 'kokoro' || weights === undefined || weights === 'fp16') return voice
  const { name, bytes, sha256 } = publishedModels[weights]
  const files = voice.files.map((file): CatalogueFile => {
    if (file.role !== 'model') return file
    const path = `${file.path.slice(0, file.path.lastIndexOf('/'))}/${name}`
    return { role: 'model', path, bytes, checksum: { algorithm: 'sha256', hex: sha256 } }
  })
  return { ...voice, bytes, files }
}
