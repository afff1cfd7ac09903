import { LRUCache } from 'lru-cache'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { Block } from '../../novel/novel.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chapterBatches } from '../../storage/queries/chapter-batches.ts'
import { storedBlocks } from '../../storage/queries/chapter-queries.ts'
import { parseStoredJson } from '../../storage/queries/column-values.ts'

/** UTF-16 units that are kept, 50 MB at most: a novel of 20 million characters, or some dozens of usual ones. */
const mostUnits = 25_000_000
/** Milliseconds that texts are kept after the last search: as long as somebody types or looks through hits. */
const keptFor = 60_000

interface SoughtChapter {
  readonly id: number
  readonly characters: number
}

/**
 * The texts of chapters by their ids, for searches that follow each other: every keystroke begins one. The text of an
 * id never changes, so nothing has to be invalidated, whichever server edits a novel.
 */
export class ChapterTexts {
  readonly #known = new LRUCache<number, readonly string[]>({
    maxSize: mostUnits,
    sizeCalculation: (texts) => 1 + texts.reduce((sum, text) => sum + text.length, 0),
  })
  #timer: NodeJS.Timeout | undefined

  /** The texts of the blocks of each chapter, in order. A novel that is larger than all that is kept is read each time. */
  async *of<Chapter extends SoughtChapter>(
    db: Database,
    chapters: readonly Chapter[],
  ): AsyncGenerator<readonly [chapter: Chapter, texts: readonly string[]]> {
    const keep = chapters.reduce((sum, { characters }) => sum + characters, 0) <= mostUnits
    for (const batch of chapterBatches(chapters)) {
      const missing = batch.filter(({ id }) => !this.#known.has(id))
      const found = missing.length === 0 ? undefined : await this.#read(db, missing)
      for (const chapter of batch) {
        const texts = found?.get(chapter.id) ?? this.#known.get(chapter.id) ?? []
        if (keep) this.#known.set(chapter.id, texts)
        yield [chapter, texts]
      }
    }
    this.#forgetLater()
  }

  async #read(db: Database, chapters: readonly SoughtChapter[]): Promise<Map<number, readonly string[]>> {
    const stored = await storedBlocks(
      db,
      chapters.map(({ id }) => id),
    )
    const texts = new Map<number, readonly string[]>()
    for (const [id, blocks] of stored) {
      texts.set(
        id,
        (parseStoredJson(blocks) as Block[]).map(({ text }) => text),
      )
      await yieldToEventLoop()
    }
    return texts
  }

  #forgetLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#known.clear()
    }, keptFor).unref()
    this.#timer.refresh()
  }
}
