import { isPartName } from '../../src/novel/model-parts.ts'

/** The files of one voice among those that somebody chose. */
export interface VoiceFiles {
  /** Without endings: `en_US-mine-medium`. */
  readonly name: string
  /** Left out when only its description was chosen, or a table of styles whose model is on the server. */
  readonly model?: File
  /** Instead, the files of a model that has several. */
  readonly parts?: readonly File[]
  /** A Piper voice has one, and one of Kokoro a table of styles; Heart's family has none. */
  readonly config?: File
}

/** Whether a style alone can be a voice, if its model is on the server. */
export function isStyle({ config }: VoiceFiles): boolean {
  return config !== undefined && !modelDescription.test(config.name)
}

const modelEnding = /\.onnx$/i
const configEnding = /(\.onnx)?\.json$/i
const modelDescription = /\.onnx\.json$/i
const tableEnding = /\.bin$/i

/** Whether a file belongs to a voice rather than being a book. */
export function isOfVoice({ name }: File): boolean {
  return isPartName(name) || modelEnding.test(name) || configEnding.test(name) || tableEnding.test(name)
}

/**
 * Which files belong together: `mine.onnx` and `mine.onnx.json`; a single model and a single description do whatever
 * they are called. Tables of styles share one model, which goes with the first.
 */
export function voicesAmong(files: Iterable<File>): VoiceFiles[] {
  const all = [...files]
  const parts = all.filter(({ name }) => isPartName(name))
  if (parts.some(({ name }) => modelEnding.test(name)))
    return voicesOfParts(
      parts,
      all.filter((one) => !parts.includes(one)),
    )
  const models = all.filter(({ name }) => modelEnding.test(name))
  const configs = all.filter(({ name }) => configEnding.test(name))
  const tables = all.filter(({ name }) => tableEnding.test(name))
  if (tables.length > 0 && models.length <= 1) {
    return tables.map((config, at) => ({
      name: config.name.replace(tableEnding, ''),
      ...(at === 0 && models[0] && { model: models[0] }),
      config,
    }))
  }
  const [model, config] = [models[0], configs[0]]
  if (model && config && models.length === 1 && configs.length === 1)
    return [{ name: model.name.replace(modelEnding, ''), model, config }]
  const voices = new Map<string, VoiceFiles>()
  for (const one of models) {
    const name = one.name.replace(modelEnding, '')
    voices.set(name, { name, model: one })
  }
  for (const one of configs) {
    const name = one.name.replace(configEnding, '')
    voices.set(name, { ...voices.get(name), name, config: one })
  }
  return [...voices.values()]
}

/** A model of several files goes with the first style. */
function voicesOfParts(parts: readonly File[], styles: readonly File[]): VoiceFiles[] {
  if (styles.length === 0) return [{ name: parts[0]!.name.replace(modelEnding, ''), parts }]
  return styles.map((config, at) => ({
    name: config.name.replace(configEnding, ''),
    ...(at === 0 && { parts }),
    config,
  }))
}
