import type { Application } from '../application.ts'
import type { ImportedNovel } from './novel-commands.ts'
import { takeUpNovel, type TrashParts } from './novel-trash.ts'

/** Tells of a novel that was imported, and has everything go on that belongs to one that was here before. */
export async function settleImport(
  application: TrashParts & Pick<Application, 'eventBus' | 'lexicons'>,
  { novel, added, restored }: ImportedNovel,
): Promise<void> {
  if (added) application.eventBus.publish({ kind: 'novel', id: novel.id })
  if (restored) await takeUpNovel(application, novel.id)
  else await application.lexicons.resume(novel.id)
}
