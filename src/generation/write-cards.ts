import { sourceNames } from '../database/novels.ts'
import { writeFileAtomically } from '../library/atomic-file.ts'
import { sourceCardPath } from '../library/folder.ts'
import { storedSourceIds, sourceCardBytes, readSourceCard } from '../library/unknown-sources.ts'
import type { Application } from './studio.ts'
import { yieldToEventLoop } from './turns.ts'

const novelsPerStep = 20

/**
 * Behind the start: writes the card of every source that has none or a damaged one, as all have that were brought before
 * there were cards. Without it the file's name is lost with the database. What cannot be written is left to the next
 * start.
 */
export async function writeMissingCards(
  { db, folder, log }: Pick<Application, 'db' | 'folder' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let written = 0
  try {
    const there = new Set(await storedSourceIds(folder))
    let after = ''
    while (!signal.aborted) {
      const some = await sourceNames(db, after, novelsPerStep)
      for (const { id, sourceName } of some) {
        // A book that was taken up again without a card is called by its id; that is no name to keep.
        if (!there.has(id) || sourceName === id || (await readSourceCard(folder, id))) continue
        await writeFileAtomically(folder.temporary, sourceCardPath(folder, id), sourceCardBytes({ fileName: sourceName }))
        written++
      }
      const last = some.at(-1)
      if (!last) break
      after = last.id
      await yieldToEventLoop()
    }
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'the names of older books could not be written beside them')
  }
  if (written > 0) log.info({ written }, 'the names of older books were written beside them')
}
