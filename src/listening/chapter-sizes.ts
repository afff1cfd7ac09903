import type { Studio } from '../generation/studio.ts'
import { breathe } from '../generation/turns.ts'
import { ChapterLayouts, chapterAudio, layoutKey } from './chapter-audio.ts'
import type { Rendition } from './rendition.ts'

/** Some 150 bytes each. */
const mostSizes = 20_000

/**
 * The bytes of finished chapters' files. A feed tells the sizes of a whole novel each time it is asked for; laying a
 * chapter out to measure it costs some milliseconds, so that is done once.
 */
export class ChapterSizes {
  readonly #known = new Map<string, number>()
  /** Its own, so that measuring a novel does not push out the layouts that players are reading from. */
  readonly #layouts = new ChapterLayouts()

  /** Throws `audio.none`, `audio.unfinished`. */
  async of(studio: Studio, rendition: Rendition): Promise<number> {
    const key = layoutKey(studio, rendition)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { size } = await chapterAudio(studio, this.#layouts, rendition)
    if (this.#known.size >= mostSizes) this.#known.clear()
    this.#known.set(key, size)
    await breathe()
    return size
  }
}
