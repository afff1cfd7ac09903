import { rm } from 'node:fs/promises'
import { hideNovel } from '../database/delete-novel.ts'
import { novelById } from '../database/novels.ts'
import { sourceCardPath, coverPath, sourcePath } from '../library/folder.ts'
import { Failure } from '../novel/failure.ts'
import type { Application } from './studio.ts'

/**
 * Removes a novel with its generations, its files and the clips that no other novel shares. When this returns it is
 * found nowhere any more; its rows and clips go behind the answer, some at a time. What is being spoken of it at this
 * moment is dropped. Throws `novel.unknown`.
 */
export async function removeNovel(application: Application, novelId: string): Promise<void> {
  const { db, folder, dispatcher, transcoder, deletions } = application
  if (!(await novelById(db, novelId))) throw new Failure('novel.unknown', { novelId })
  // Files last: a crash in between leaves files that the database has noted as left over.
  await application.requestMutex.run(() => transcoder.removeNovel(novelId, () => hideNovel(db, novelId)))
  await dispatcher.removeNovel(novelId)
  await rm(sourcePath(folder, novelId), { force: true })
  await rm(sourceCardPath(folder, novelId), { force: true })
  await rm(coverPath(folder, novelId), { force: true })
  deletions.work()
}
