import { stat } from 'node:fs/promises'
import type { VoiceModel } from '../../novel/installed-voice.ts'
import { type OnnxNetwork, openNetwork } from './onnx-network.ts'
import { asVoiceUnavailable } from '../speech-engine.ts'

/** How much is kept open when nobody uses it. */
const usualLimits = { models: 3, bytes: 256_000_000 }

interface CachedModel {
  readonly network: Promise<OnnxNetwork>
  /** Of its file. */
  readonly size: { readonly bytes: number }
  users: number
}

/**
 * The networks that a speaker process keeps open, shared by all its engines: to open one takes longer than to speak a
 * sentence. When more than 3 models, or 256 MB of model files, would be open, the least recently used goes, but never
 * one in use.
 */
export class ModelCache {
  /** By checksum, the least recently used first. */
  readonly #open = new Map<string, CachedModel>()
  readonly #limits: typeof usualLimits
  #loads = 0

  constructor(limits = usualLimits) {
    this.#limits = limits
  }

  /** How many models have been opened since the process began. */
  get loads(): number {
    return this.#loads
  }

  /** Does `work` with the model's network, which stays open meanwhile. Throws `VoiceUnavailable` where it cannot be opened. */
  async use<T>(model: VoiceModel, work: (network: OnnxNetwork) => Promise<T>): Promise<T> {
    const shelved = this.#acquire(model)
    shelved.users++
    try {
      return await work(await shelved.network)
    } finally {
      shelved.users--
      await this.#evict()
    }
  }

  /** Puts away all that nobody uses; what is used later is opened again. */
  async clear(): Promise<void> {
    for (const [checksum, shelved] of this.#open) {
      if (shelved.users === 0) await this.#release(checksum, shelved)
    }
  }

  #acquire(model: VoiceModel): CachedModel {
    const known = this.#open.get(model.checksum)
    if (known !== undefined) {
      this.#open.delete(model.checksum)
      this.#open.set(model.checksum, known)
      return known
    }
    const size = { bytes: 0 }
    const shelved: CachedModel = { network: asVoiceUnavailable(this.#load(model, size)), size, users: 0 }
    this.#open.set(model.checksum, shelved)
    // Whoever waits for it is told; the next one tries again.
    shelved.network.catch(() => this.#open.delete(model.checksum))
    return shelved
  }

  async #load({ model, checksum }: VoiceModel, size: { bytes: number }): Promise<OnnxNetwork> {
    size.bytes = (await stat(model)).size
    // Room is made before, so that no more than the limit is ever open.
    await this.#evict()
    const network = await openNetwork(model, checksum)
    this.#loads++
    return network
  }

  async #evict(): Promise<void> {
    let count = this.#open.size
    let total = [...this.#open.values()].reduce((sum, { size }) => sum + size.bytes, 0)
    for (const [checksum, shelved] of this.#open) {
      if (count <= this.#limits.models && total <= this.#limits.bytes) return
      if (shelved.users > 0) continue
      count--
      total -= shelved.size.bytes
      await this.#release(checksum, shelved)
    }
  }

  async #release(checksum: string, shelved: CachedModel): Promise<void> {
    this.#open.delete(checksum)
    const network = await shelved.network.catch(() => undefined)
    await network?.session.release()
  }
}
