import { stat } from 'node:fs/promises'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { asVoiceUnavailable, VoiceUnavailable } from '../speech-engine.ts'
import { type BundledNetworks, closeBundle, openBundle } from './bundled-networks.ts'
import type { ExecutionProvider } from './execution-provider.ts'
import { type OnnxNetwork, openNetwork } from './onnx-network.ts'

/**
 * Limits of open models that are not in use: Kokoro's, which has 325 MB, one of Piper's and one of Heart's family. The
 * last used one stays open, however large.
 */
const defaultLimits = { models: 3, bytes: 400_000_000 }

type OpenModel = OnnxNetwork | BundledNetworks
type Opener = (path: string, checksum: string, provider: ExecutionProvider) => Promise<OpenModel>

interface CachedModel {
  readonly opened: Promise<OpenModel>
  /** Size of the model file. */
  readonly size: { readonly bytes: number }
  users: number
}

/**
 * Cache of a worker process's open networks, shared by all its engines: opening one takes longer than speaking a
 * sentence. Beyond 3 models, or 400 MB of model files, the least recently used is closed, but never one in use.
 */
export class ModelCache {
  /** By checksum, least recently used first. */
  readonly #open = new Map<string, CachedModel>()
  readonly #limits: typeof defaultLimits
  /** Called when a model begins to be opened, and when it is open or has failed. */
  onLoading: (isLoading: boolean) => void = () => {}
  readonly provider: ExecutionProvider
  #loads = 0

  /** `provider`: of networks that are run as they are stored; all others run on the CPU. */
  constructor(limits = defaultLimits, provider: ExecutionProvider = 'cpu') {
    this.#limits = limits
    this.provider = provider
  }

  /** Number of models opened since the process started. */
  get loads(): number {
    return this.#loads
  }

  /**
   * Calls `work` with the model's network and keeps it open meanwhile. Throws `VoiceUnavailable` if it cannot be
   * opened.
   */
  async use<T>(model: VoiceModel, work: (network: OnnxNetwork) => Promise<T>): Promise<T> {
    return this.#use(model, openNetwork, async (opened) => {
      if ('session' in opened) return work(opened)
      throw new VoiceUnavailable('its model is a bundle of several graphs')
    })
  }

  /** The same with a model of several graphs. */
  async useBundle<T>(model: VoiceModel, work: (networks: BundledNetworks) => Promise<T>): Promise<T> {
    return this.#use(model, openBundle, async (opened) => {
      if ('sessions' in opened) return work(opened)
      throw new VoiceUnavailable('its model is one graph')
    })
  }

  /** Closes all networks that are not in use; they are reopened when needed. */
  async clear(): Promise<void> {
    for (const [checksum, entry] of this.#open) {
      if (entry.users === 0) await this.#release(checksum, entry)
    }
  }

  async #use<T>(model: VoiceModel, opener: Opener, work: (opened: OpenModel) => Promise<T>): Promise<T> {
    const entry = this.#acquire(model, opener)
    entry.users++
    try {
      return await work(await entry.opened)
    } finally {
      entry.users--
      await this.#evict()
    }
  }

  #acquire(model: VoiceModel, opener: Opener): CachedModel {
    const open = this.#open.get(model.checksum)
    if (open !== undefined) {
      this.#open.delete(model.checksum)
      this.#open.set(model.checksum, open)
      return open
    }
    const size = { bytes: 0 }
    const entry: CachedModel = { opened: asVoiceUnavailable(this.#load(model, size, opener)), size, users: 0 }
    this.#open.set(model.checksum, entry)
    // All waiting users get the error; the next use tries again.
    entry.opened.catch(() => this.#open.delete(model.checksum))
    return entry
  }

  async #load({ model, checksum }: VoiceModel, size: { bytes: number }, opener: Opener): Promise<OpenModel> {
    size.bytes = (await stat(model)).size
    // Evicts first, so that the limit is never exceeded.
    await this.#evict()
    this.onLoading(true)
    try {
      const opened = await opener(model, checksum, this.provider)
      this.#loads++
      return opened
    } finally {
      this.onLoading(false)
    }
  }

  async #evict(): Promise<void> {
    let count = this.#open.size
    let total = [...this.#open.values()].reduce((sum, { size }) => sum + size.bytes, 0)
    for (const [checksum, entry] of this.#open) {
      if (count <= 1 || (count <= this.#limits.models && total <= this.#limits.bytes)) return
      if (entry.users > 0) continue
      count--
      total -= entry.size.bytes
      await this.#release(checksum, entry)
    }
  }

  async #release(checksum: string, entry: CachedModel): Promise<void> {
    this.#open.delete(checksum)
    const opened = await entry.opened.catch(() => undefined)
    if (opened === undefined) return
    if ('session' in opened) await opened.session.release()
    else await closeBundle(opened)
  }
}
