/** The files of one voice among those that somebody chose. */
export interface VoiceFiles {
  /** Without endings: `en_US-mine-medium`. */
  readonly name: string
  /** Left out when only its description was chosen. */
  readonly model?: File
  /** A Piper voice has one, Heart's family does not. */
  readonly config?: File
}

const modelEnding = /\.onnx$/i
const configEnding = /(\.onnx)?\.json$/i

/** Whether a file belongs to a voice rather than being a book. */
export function isOfVoice({ name }: File): boolean {
  return modelEnding.test(name) || configEnding.test(name)
}

/**
 * Which files belong together: `mine.onnx` and `mine.onnx.json`; a single model and a single description do whatever
 * they are called.
 */
export function voicesAmong(files: Iterable<File>): VoiceFiles[] {
  const all = [...files]
  const models = all.filter(({ name }) => modelEnding.test(name))
  const configs = all.filter(({ name }) => configEnding.test(name))
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
