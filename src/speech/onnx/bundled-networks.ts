import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { freeBuffers } from './free-buffers.ts'
import { readBundled, readBundleHead } from './model-bundle.ts'
import { onnxRuntime, readSafeGraph, sessionOptions } from './onnx-network.ts'
import { fileSha256 } from './prepared-model.ts'

/** The loaded graphs of a model that has several, and its settings. */
export interface BundledNetworks {
  /** By name, without its ending: `vector_estimator`. */
  readonly sessions: ReadonlyMap<string, InferenceSession>
  /** The files that are no graphs, by name. */
  readonly settings: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
  readonly Tensor: typeof Tensor
}

/**
 * Opens a bundle, one graph after the other, the largest first, so that at most one is read into this process's own
 * memory besides those that are loaded. Throws an `Error` with one sentence for users if it is none, a graph cannot be
 * loaded, refers to other files or draws random numbers of its own, or the file does not have the expected SHA-256.
 */
export async function openBundle(path: string, checksum: string): Promise<BundledNetworks> {
  const places = await readBundleHead(path)
  if (places === undefined) throw new Error('its model is one graph, not a bundle of several')
  if ((await fileSha256(path)) !== checksum)
    throw new Error('the model’s file is not the one that was installed')
  const { InferenceSession: Session, Tensor: Input } = await onnxRuntime()
  const sessions = new Map<string, InferenceSession>()
  const settings = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const [name, place] of [...places].toSorted(([, one], [, other]) => other.bytes - one.bytes)) {
    const content = await readBundled(path, place)
    if (!name.endsWith('.onnx')) {
      settings.set(name, content)
      continue
    }
    refuseRandomNodes(name, content)
    try {
      const session = await Session.create(content, { ...sessionOptions, enableMemPattern: false })
      sessions.set(name.replace(/\.onnx$/, ''), session)
    } catch (cause) {
      await closeBundle({ sessions })
      throw new Error(`the runtime cannot load ${name}; it may be damaged`, { cause })
    } finally {
      freeBuffers(content)
    }
  }
  return { sessions, settings, Tensor: Input }
}

/** Noise is an input of these models: a graph with its own would never give the same sound twice. */
function refuseRandomNodes(name: string, content: Uint8Array): void {
  const random = readSafeGraph(content).nodes.find(({ operation }) => operation.startsWith('Random'))
  if (random !== undefined) throw new Error(`${name} draws random numbers of its own`)
}

export async function closeBundle({ sessions }: Pick<BundledNetworks, 'sessions'>): Promise<void> {
  for (const session of sessions.values()) await session.release()
}
