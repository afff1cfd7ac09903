import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { BundledNetworks } from '../onnx/bundled-networks.ts'
import type { StyleTensor } from './voice-style.ts'

/** The graphs of a model and the inputs that each must have. */
export type GraphInputs = Readonly<Record<string, readonly string[]>>

/** What a graph gives: as the input of another, and its numbers. */
interface GraphOutput {
  readonly tensor: Tensor
  readonly data: Float32Array<ArrayBuffer>
}

/** The graphs of a flow-matching model, each with one output. */
export class FlowGraphs<Inputs extends GraphInputs> {
  readonly #networks: BundledNetworks

  /** Throws an `Error` with one sentence for users if a graph is missing or takes other inputs. */
  constructor(networks: BundledNetworks, inputs: Inputs) {
    this.#networks = networks
    for (const [name, wanted] of Object.entries(inputs)) {
      const found = networks.sessions.get(name)?.inputNames
      if (found === undefined) throw new Error(`the model has no ${name}.onnx`)
      if (found.toSorted().join() !== wanted.toSorted().join())
        throw new Error(`its ${name}.onnx takes ${found.join(', ')} instead of ${wanted.join(', ')}`)
    }
  }

  /** Runs a graph; returns its first output, of floats. Throws an `Error` if it fails or gives something else. */
  async run<Name extends keyof Inputs & string>(
    name: Name,
    feeds: Readonly<Record<Inputs[Name][number], Tensor>>,
  ): Promise<GraphOutput> {
    const session = this.#networks.sessions.get(name)!
    const output: Tensor | undefined = (await runSession(session, feeds, name))[session.outputNames[0]!]
    const data: unknown = output?.data
    if (output === undefined || !(data instanceof Float32Array))
      throw new Error(`the voice’s ${name} gives no numbers`)
    return { tensor: output, data: data as Float32Array<ArrayBuffer> }
  }

  /** A setting of the model: a file that is no graph. Throws an `Error` if it is missing. */
  setting(name: string): Uint8Array<ArrayBuffer> {
    const file = this.#networks.settings.get(name)
    if (file === undefined) throw new Error(`the model has no ${name}`)
    return file
  }

  /** A setting as JSON. Throws an `Error` with one sentence for users. */
  json(name: string): unknown {
    try {
      return JSON.parse(Buffer.from(this.setting(name)).toString('utf8'))
    } catch (cause) {
      throw new Error(`its ${name} is no JSON`, { cause })
    }
  }

  floats(values: Float32Array, dimensions: readonly number[] = [values.length]): Tensor {
    return new this.#networks.Tensor('float32', values, dimensions)
  }

  style({ values, dimensions }: StyleTensor): Tensor {
    return this.floats(values, dimensions)
  }

  ids(ids: readonly number[]): Tensor {
    return new this.#networks.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length])
  }

  /** As many times true. */
  flags(length: number): Tensor {
    return new this.#networks.Tensor('bool', new Uint8Array(length).fill(1), [1, length])
  }
}

async function runSession(
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  name: string,
): Promise<InferenceSession.OnnxValueMapType> {
  try {
    return await session.run(feeds)
  } catch (cause) {
    throw new Error(`the voice’s ${name} failed`, { cause })
  }
}
