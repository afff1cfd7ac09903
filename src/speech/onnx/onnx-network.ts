import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { BundledFamily } from '../../novel/model-parts.ts'
import type { VoiceFamily } from '../../novel/installed-voice.ts'
import type { ExecutionProvider } from './execution-provider.ts'
import { freeBuffers } from './free-buffers.ts'
import { conv2dRewriting } from './onnx-conv2d.ts'
import { hasExternalData } from './onnx-external-data.ts'
import { applyRewritings, durationsTensor, type OnnxGraph, readGraph } from './onnx-graph.ts'
import { type NoiseInput, noiseInputs, noiseRewriting } from './onnx-noise.ts'
import { untypedOutputField } from './onnx-writer.ts'
import { fileSha256, isPrepared, preparedDurations } from './prepared-model.ts'

/** Families whose model is one graph. */
type SingleGraphFamily = Exclude<VoiceFamily, BundledFamily>

/** A voice's loaded network. */
export interface OnnxNetwork {
  readonly session: InferenceSession
  readonly Tensor: typeof Tensor
  /** Name of the output with each input symbol's length, if the model has it. */
  readonly durations: string | undefined
  /** Inputs that replace the model's own random numbers. */
  readonly noises: readonly NoiseInput[]
  /** Names of the model's inputs, without the noises. */
  readonly inputs: readonly string[]
}

/**
 * One thread per worker process: with two, Joe took 1.4 times the CPU, and 2.1 times if they spin while waiting. All
 * errors are thrown, so the runtime need not log them.
 */
export const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
}

/**
 * Piper's networks are large: without the runtime's memory arena Joe took 19 % more CPU, for allocating and freeing
 * pages. The arena's excess is the runtime's memory pattern for each length that it ever saw: without the patterns a
 * worker has 520 MB instead of 560, and 690 instead of 870 after sentences of 20 s. Hibari's are small, and without the
 * arena a worker stays under 350 MB.
 */
const memoryOptions: Readonly<Record<SingleGraphFamily, InferenceSession.SessionOptions>> = {
  piper: { enableCpuMemArena: true, enableMemPattern: false },
  hibari: { enableCpuMemArena: false },
  kokoro: { enableCpuMemArena: true, enableMemPattern: false },
  'kokoro-zh': { enableCpuMemArena: true, enableMemPattern: false },
}

/**
 * Opens an ONNX file, rewritten to output its durations and to take its random numbers as inputs. Throws an `Error`
 * with one sentence for users if the file is not such a model, refers to other files, or does not have the expected
 * SHA-256.
 */
export async function openNetwork(
  path: string,
  checksum: string,
  provider: ExecutionProvider = 'cpu',
): Promise<OnnxNetwork> {
  if (await isPrepared(path)) return openPrepared(path, checksum, provider)
  const file = await readFile(path)
  if (createHash('sha256').update(file).digest('hex') !== checksum)
    throw new Error('the model’s file is not the one that was installed')
  const graph = readSafeGraph(file)
  const durations = durationsTensor(graph)
  const noise = noiseRewriting(graph)
  const durationOutputs = durations === undefined ? [] : [untypedOutputField(durations)]
  const model = Buffer.concat(
    applyRewritings(file, [noise, conv2dRewriting(graph), { additions: durationOutputs }]),
  )
  freeBuffers(file)
  const { InferenceSession: Session, Tensor: Input } = await onnxRuntime()
  try {
    const family = familyByInputs(graph.inputs) ?? 'hibari'
    const session = await Session.create(model, { ...sessionOptions, ...memoryOptions[family] })
    return { session, Tensor: Input, durations, noises: noise.inputs, inputs: graph.inputs }
  } catch (error) {
    throw new Error('the runtime cannot load the model; it may be damaged', { cause: error })
  } finally {
    freeBuffers(model)
  }
}

/** Opens a file that `prepareModel` wrote: it needs no rewriting, so it is not read into this process's own memory. */
async function openPrepared(
  path: string,
  checksum: string,
  provider: ExecutionProvider,
): Promise<OnnxNetwork> {
  if ((await fileSha256(path)) !== checksum)
    throw new Error('the model’s file is not the one that was installed')
  const { InferenceSession: Session, Tensor: Input } = await onnxRuntime()
  try {
    const session = await Session.create(path, {
      ...sessionOptions,
      ...memoryOptions.kokoro,
      // What it cannot do runs on the CPU. Were that named too, it would take the place of one that is missing.
      executionProviders: [provider],
    })
    const inputs = session.inputNames.filter((name) => !isNoise(name))
    return {
      session,
      Tensor: Input,
      durations: session.outputNames.find((name) => name === preparedDurations),
      noises: session.inputNames.filter(isNoise).map((name) => ({
        name,
        distribution: name === noiseInputs.normal ? 'normal' : 'uniform',
      })),
      inputs,
    }
  } catch (error) {
    if (provider !== 'cpu')
      throw new Error(
        `its model cannot be run on ${provider}: start Nightjar without NIGHTJAR_PROVIDER=${provider}`,
        { cause: error },
      )
    throw new Error('the runtime cannot load the model; it may be damaged', { cause: error })
  }
}

function isNoise(name: string): boolean {
  return Object.values(noiseInputs).includes(name)
}

/**
 * Reads a file of unknown origin: the names of its inputs. Throws an `Error` with one sentence for users if it is not a
 * model, or refers to other files.
 */
export async function inspectModel(path: string): Promise<Pick<OnnxGraph, 'inputs'>> {
  const file = await readFile(path)
  const { inputs } = readSafeGraph(file)
  freeBuffers(file)
  return { inputs: inputs.filter((name) => !isNoise(name)) }
}

/** Throws an `Error` with one sentence for users if the file is not a model, or keeps weights in other files. */
export function readSafeGraph(file: Uint8Array): OnnxGraph {
  let graph: OnnxGraph
  let external: boolean
  try {
    graph = readGraph(file)
    external = hasExternalData(file)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Error('the file is not an ONNX model, or only a part of one', { cause: error })
  }
  if (graph.nodes.length === 0) throw new Error('the file is not an ONNX model')
  if (external) throw new Error('the model keeps its weights in other files, which are not read')
  return graph
}

export interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession
  readonly Tensor: typeof Tensor
}

/**
 * Loads ONNX Runtime; nothing else imports it. Since 1.30 its Linux build stores a device id below `~/.cache/Microsoft`
 * and sends telemetry, unless this variable is set when the library is loaded (`core/platform/posix/telemetry.cc`).
 * Node passes an assignment on to the C library's `setenv`, whose environment the runtime reads.
 */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  return import('onnxruntime-node')
}

/** The family of a network with these inputs, which `kokoro-zh` has in common with `kokoro`; `undefined` if unknown. */
export function familyByInputs(inputs: readonly string[]): SingleGraphFamily | undefined {
  const has = (...names: readonly string[]) => names.every((name) => inputs.includes(name))
  if (has('ids', 'speed')) return 'hibari'
  if (has('style', 'speed') && (has('input_ids') || has('tokens'))) return 'kokoro'
  if (has('input', 'input_lengths', 'scales')) return 'piper'
  return undefined
}
