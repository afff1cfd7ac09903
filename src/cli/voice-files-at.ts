import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isPartName } from '../novel/model-parts.ts'
import { Failure } from '../novel/failure.ts'

/** The files of one voice. */
export interface VoiceFilesAt {
  /** Its model, or the files of a model of several graphs; empty: the server has it. */
  readonly models: readonly string[]
  readonly config?: string
  /** Which voice of a list. */
  readonly name?: string
}

/**
 * The voices that a path names: an `.onnx`, with its `.onnx.json` beside it; a style alone (`.bin`, `.json`), whose model
 * the server has; a folder with a model of several graphs and its styles. Empty: it names no file. Throws `voice.unfit`.
 */
export async function voiceFilesAt(path: string): Promise<VoiceFilesAt[]> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return voicesOfFolder(path)
  if (/\.onnx$/i.test(path)) {
    const config = `${path}.json`
    return [{ models: [path], ...((await exists(config)) && { config }) }]
  }
  if (/\.bin$/i.test(path)) return [{ models: [], config: path }]
  return /\.json$/i.test(path) ? voicesOfStyle(path, []) : []
}

/** As it is published: the model in the folder or in `onnx/`, the styles in `voice_styles/` or in a list of voices. */
async function voicesOfFolder(folder: string): Promise<VoiceFilesAt[]> {
  const found = await Promise.all(['', 'onnx', 'voice_styles'].map((name) => filesOf(join(folder, name))))
  const all = found.flat()
  const models = all.filter((path) => isPartName(basename(path)))
  const styles = all.filter((path) => /\.json$/i.test(path) && !isPartName(basename(path)))
  if (models.length === 0 || styles.length === 0) {
    const detail = `there is no ${models.length === 0 ? 'model of several graphs' : 'style (.json)'} in it`
    throw new Failure('voice.unfit', { file: folder, detail })
  }
  const voices: VoiceFilesAt[] = []
  // The model goes with the first.
  for (const style of styles) voices.push(...(await voicesOfStyle(style, voices.length === 0 ? models : [])))
  return voices
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name))
    .toSorted()
}

/** One voice, or each voice of a list. */
async function voicesOfStyle(config: string, models: readonly string[]): Promise<VoiceFilesAt[]> {
  const names = await listedVoices(config)
  if (names.length === 0) return [{ models, config }]
  return names.map((name, at) => ({ models: at === 0 ? models : [], config, name }))
}

async function listedVoices(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure('voice.unfit', { file: path, detail: 'there is no such file' }, { cause })
  })
  try {
    const { presets } = JSON.parse(text) as { presets?: Readonly<Record<string, unknown>> }
    return Object.keys(presets ?? {})
  } catch {
    // The server says what is wrong with it.
    return []
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
