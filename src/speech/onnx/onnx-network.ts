import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { VoiceFamily } from '../../novel/installed-voice.ts'
import { conv2dRewriting } from './onnx-conv2d.ts'
import { hasExternalData } from './onnx-external-data.ts'
import { applyRewritings, durationsTensor, type OnnxGraph, readGraph } from './onnx-graph.ts'
import { type NoiseInput, noiseRewriting } from './onnx-noise.ts'
import { untypedOutputField } from './onnx-writer.ts'

/** A voice's network, ready to run. */
export interface OnnxNetwork {
  readonly session: InferenceSession
  readonly Tensor: typeof Tensor
  /** The output with each input symbol's length, where the model has it. */
  readonly durations: string | undefined
  /** Inputs that take the place of the model's own random numbers. */
  readonly noises: readonly NoiseInput[]
  /** What the model wants to be given, the noises left out. */
  readonly inputs: readonly string[]
}

/**
 * One thread in each speaker process: with two, Joe took 1.4 times the CPU, and 2.1 times if they wait spinning. Every
 * error is thrown, so the runtime need not write it down as well.
 */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
}

/**
 * Piper's networks are large: without the runtime's own memory pool Joe took 19 % more CPU, for pages that the system
 * gave and took back. What the pool holds beyond its need is the runtime's plan for each length that it ever saw: without
 * the plans a speaker has 520 MB instead of 560, and 690 instead of 870 after sentences of 20 s. Hibari's are small, and
 * keep a speaker under 350 MB without the pool.
 */
const memoryOptions: Readonly<Record<VoiceFamily, InferenceSession.SessionOptions>> = {
  piper: { enableCpuMemArena: true, enableMemPattern: false },
  hibari: { enableCpuMemArena: false },
}

/**
 * Opens an ONNX file that tells its durations and draws no random numbers of its own. Throws an `Error` with one
 * sentence for people where the file is no such model, where it refers to other files, or where its SHA-256 is not the
 * one expected.
 */
export async function openNetwork(path: string, checksum: string): Promise<OnnxNetwork> {
  const file = await readFile(path)
  if (createHash('sha256').update(file).digest('hex') !== checksum)
    throw new Error('the model’s file is not the one that was installed')
  const graph = readSafeGraph(file)
  const durations = durationsTensor(graph)
  const noise = noiseRewriting(graph)
  const told = durations === undefined ? [] : [untypedOutputField(durations)]
  const model = Buffer.concat(applyRewritings(file, [noise, conv2dRewriting(graph), { additions: told }]))
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

function readSafeGraph(file: Uint8Array): OnnxGraph {
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

/**
 * Gives memory back at once. A long sentence's spectra are 20 MB, of which the garbage collector knows little: left to
 * it, a speaker grows by 60 MB.
 */
export function freeBuffers(...arrays: readonly unknown[]): void {
  for (const array of arrays) {
    if (!ArrayBuffer.isView(array) || !(array.buffer instanceof ArrayBuffer)) continue
    // Small ones share their memory with others.
    if (!array.buffer.detached && array.byteLength === array.buffer.byteLength) array.buffer.transfer(0)
  }
}

export interface OnnxRuntime {
  readonly InferenceSession: typeof InferenceSession
  readonly Tensor: typeof Tensor
}

/**
 * Loads ONNX Runtime; nothing else imports it. Since 1.30 its Linux build keeps a device id below `~/.cache/Microsoft` and
 * reports to its maker, unless this variable is set when the library is loaded (`core/platform/posix/telemetry.cc`).
 * Node hands an assignment on to the C library's `setenv`, whose environment the runtime reads.
 */
export async function onnxRuntime(): Promise<OnnxRuntime> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
  return import('onnxruntime-node')
}

/** The family of a network that wants to be given these inputs; `undefined` if it is of neither. */
export function familyByInputs(inputs: readonly string[]): VoiceFamily | undefined {
  const has = (...names: readonly string[]) => names.every((name) => inputs.includes(name))
  if (has('ids', 'speed')) return 'hibari'
  if (has('input', 'input_lengths', 'scales')) return 'piper'
  return undefined
}
