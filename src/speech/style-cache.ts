import { LRUCache } from 'lru-cache'
import type { VoiceModel } from '../novel/installed-voice.ts'
import { asVoiceUnavailable, VoiceUnavailable } from './speech-engine.ts'

/** Styles that are kept, of 52 to 500 kB each: a cast has many voices. */
const maxStyles = 40

/** The styles of voices that share a model: each is the file that stands in the place of its configuration. */
export class StyleCache<Style extends object> {
  readonly #read: (path: string) => Promise<Style>
  readonly #missing: string
  /** By the file's path. */
  readonly #styles = new LRUCache<string, Promise<Style>>({ max: maxStyles })

  /** `missing`: what is wrong with a voice without a style, for `VoiceUnavailable`. */
  constructor(read: (path: string) => Promise<Style>, missing: string) {
    this.#read = read
    this.#missing = missing
  }

  /** Rejects with `VoiceUnavailable`; the next call reads the file again. */
  of({ config: path }: VoiceModel): Promise<Style> {
    if (path === undefined) return Promise.reject(new VoiceUnavailable(this.#missing))
    const known = this.#styles.get(path)
    if (known) return known
    const style = asVoiceUnavailable(this.#read(path))
    this.#styles.set(path, style)
    style.catch(() => this.#styles.delete(path))
    return style
  }

  clear(): void {
    this.#styles.clear()
  }
}
