import { rewriteSourceCard } from '../../storage/novel-files.ts'
import { sourceOfNovel } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'

/**
 * Has the card of a novel's source say what its row does: who alone sees it, of which novel it is a version. Also if that is changed
 * meanwhile, here or by another server: whoever writes the card last looks at the row once more.
 */
export async function renewSourceCard(
  { db, objects }: Pick<Application, 'db' | 'objects'>,
  novelId: string,
): Promise<void> {
  let written = true
  while (written) {
    const row = await sourceOfNovel(db, novelId)
    written = row !== undefined && (await rewriteSourceCard(objects, novelId, row))
  }
}
