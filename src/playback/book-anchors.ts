import { yieldToEventLoop } from '../jobs/concurrency.ts'
import type { Block } from '../novel/novel.ts'
import type { Database } from '../storage/database-tables.ts'
import { chaptersToSearch, segmentsOf, storedBlocks } from '../storage/queries/chapter-queries.ts'
import { parseStoredJson } from '../storage/queries/column-values.ts'

/** Chapters that are read from the database at once. */
const batchSize = 20

export interface AnchorPlace {
  readonly chapterNumber: number
  readonly block: number
  /** The first segment at or behind it; `null`: none is. */
  readonly segment: number | null
}

/**
 * Where a link of the book leads to: first `near` is looked at, the chapter that had the anchor at the import, then all
 * others, since chapters may have been edited. `undefined`: nowhere.
 */
export async function anchorPlace(
  db: Database,
  novelId: string,
  anchor: number,
  near: number,
): Promise<AnchorPlace | undefined> {
  const chapters = await chaptersToSearch(db, novelId)
  const first = chapters.filter(({ number }) => number === near)
  const rest = chapters.filter(({ number }) => number !== near)
  const batches = [first]
  for (let at = 0; at < rest.length; at += batchSize) batches.push(rest.slice(at, at + batchSize))
  for (const batch of batches) {
    if (batch.length === 0) continue
    const texts = await storedBlocks(
      db,
      batch.map(({ id }) => id),
    )
    for (const { id, number } of batch) {
      const text = texts.get(id) ?? ''
      if (!text.includes(`"anchor":${anchor}`)) continue
      const block = (parseStoredJson(text) as Block[]).findIndex((each) => each.anchor === anchor)
      if (block < 0) continue
      const segment = (await segmentsOf(db, id)).findIndex((each) => each.block >= block)
      return { chapterNumber: number, block, segment: segment < 0 ? null : segment }
    }
    await yieldToEventLoop()
  }
  return undefined
}
