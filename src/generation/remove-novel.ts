import { rm } from 'node:fs/promises'
import { deleteNovel, novelById } from '../database/novels.ts'
import { cardPath, coverPath, sourcePath } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'
import type { Studio } from './studio.ts'
import { sweepUnneededClips } from './sweep-clips.ts'

/**
 * Removes a novel with its generations, its files and the clips that no other novel shares. What is being spoken of
 * it at this moment is dropped. Throws `novel.unknown`.
 */
export async function removeNovel(studio: Studio, novelId: string, signal: AbortSignal): Promise<void> {
  const { db, folder, dispatcher, recorder, log } = studio
  if (!(await novelById(db, novelId))) throw new Failure('novel.unknown', { novelId })
  // Files last: a crash in between leaves files that the database has noted as left over.
  await studio.requests.take(() => recorder.forget(novelId, () => deleteNovel(db, novelId)))
  await dispatcher.refresh()
  await rm(sourcePath(folder, novelId), { force: true })
  await rm(cardPath(folder, novelId), { force: true })
  await rm(coverPath(folder, novelId), { force: true })
  sweepUnneededClips(studio, signal).catch((error: unknown) => {
    log.error({ err: error }, 'the clips of a removed novel could not be swept; the next start does it')
  })
}
