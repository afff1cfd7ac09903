import { sourceNames } from '../database/novels.ts'
import { writeWhole } from '../library/atomic-file.ts'
import { cardPath } from '../library/folder.ts'
import { booksIn, cardBytes, readCard } from '../library/unknown-sources.ts'
import type { Studio } from './studio.ts'
import { breathe } from './turns.ts'

const novelsPerTurn = 20

/**
 * Behind the start: writes the card of every source that has none or a damaged one, as all have that were brought before
 * there were cards. Without it the file's name is lost with the database. What cannot be written is left to the next
 * start.
 */
export async function writeMissingCards(
  { db, folder, log }: Pick<Studio, 'db' | 'folder' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let written = 0
  try {
    const there = new Set(await booksIn(folder))
    let after = ''
    while (!signal.aborted) {
      const some = await sourceNames(db, after, novelsPerTurn)
      for (const { id, sourceName } of some) {
        // A book that was taken up again without a card is called by its id; that is no name to keep.
        if (!there.has(id) || sourceName === id || (await readCard(folder, id))) continue
        await writeWhole(folder.incoming, cardPath(folder, id), cardBytes({ fileName: sourceName }))
        written++
      }
      const last = some.at(-1)
      if (!last) break
      after = last.id
      await breathe()
    }
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'the names of older books could not be written beside them')
  }
  if (written > 0) log.info({ written }, 'the names of older books were written beside them')
}
