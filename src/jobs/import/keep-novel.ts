import { Failure } from '../../novel/failure.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { setKeeper } from '../../storage/queries/kept-novel-queries.ts'
import type { Application } from '../application.ts'
import { renewSourceCard } from './source-card.ts'

/** Who asks, as far as novels that are kept to oneself go. */
export interface Keeper {
  readonly listener: string
  readonly isAdmin: boolean
  /** What a listener keeps never becomes the house's. */
  readonly isListener: boolean
}

/** Who has added a novel may keep it to themselves, or share it; of those of which it is not known who did, admins may. */
export function mayKeep({ keeper, addedBy }: Pick<NovelRow, 'keeper' | 'addedBy'>, who: Keeper): boolean {
  if (who.isListener) return false
  if (keeper !== null) return keeper === who.listener
  return addedBy === null ? who.isAdmin : addedBy === who.listener
}

/**
 * Has a novel be seen by who asks alone, or by everybody again. Throws `novel.not-keeper`, `account.forbidden`,
 * `account.unknown`, `novel.twice`.
 */
export async function keepNovel(
  { db, objects }: Pick<Application, 'db' | 'objects'>,
  novel: NovelRow,
  who: Keeper | undefined,
  keep: boolean,
): Promise<void> {
  // Also when it was kept before, but its card could not be written.
  if (keep === (novel.keeper !== null)) return renewSourceCard({ db, objects }, novel.id)
  if (who?.isListener) throw new Failure('account.forbidden', { role: 'listener' })
  if (!who || !mayKeep(novel, who)) throw new Failure('novel.not-keeper')
  await db.transaction().execute((commit) => setKeeper(commit, [novel.id], keep ? who.listener : null))
  await renewSourceCard({ db, objects }, novel.id)
}
