import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import type { InNovel } from './playback-queries.ts'
import { novelState } from '../novel-state.ts'
import { isSeenBy } from './kept-novel-queries.ts'

/** What a sitting has listened to of a novel on a day, from its begin to now. */
export interface SittingReport extends InNovel {
  /** `2026-11-29`, in the listener's time zone. */
  readonly day: string
  readonly sitting: string
  readonly wallSeconds: number
  readonly audioSeconds: number
}

/** Stores a sitting's totals; of two reports the higher figures stay, in whatever order they come. One durable statement. */
export async function saveListening(db: Database, report: SittingReport): Promise<void> {
  await db
    .insertInto('listeningDays')
    .values(report)
    .onConflict((conflict) =>
      conflict.columns(['listener', 'novelId', 'day', 'sitting']).doUpdateSet({
        wallSeconds: higher('wallSeconds'),
        audioSeconds: higher('audioSeconds'),
      }),
    )
    .execute()
}

function higher(column: 'wallSeconds' | 'audioSeconds') {
  const [reported, stored] = [sql.ref(`excluded.${column}`), sql.ref(`listeningDays.${column}`)]
  return sql<number>`CASE WHEN ${reported} > ${stored} THEN ${reported} ELSE ${stored} END`
}

/** Time that was listened on a day to a novel. */
export interface ListeningDay {
  readonly day: string
  readonly novelId: string
  readonly wallSeconds: number
  readonly audioSeconds: number
}

/** A listener's days from `first` to `last`, both included, in order, by novel. Deleted novels have none. */
export async function listeningDays(
  db: Database,
  listener: string,
  [first, last]: readonly [first: string, last: string],
): Promise<ListeningDay[]> {
  return db
    .selectFrom('listeningDays')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select(({ fn }) => [
      'day',
      'novelId',
      fn.sum<number>('wallSeconds').as('wallSeconds'),
      fn.sum<number>('audioSeconds').as('audioSeconds'),
    ])
    .where('listener', '=', listener)
    .where('day', '>=', first)
    .where('day', '<=', last)
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(listener))
    .groupBy(['day', 'novelId'])
    .orderBy('day')
    .orderBy('novelId')
    .execute()
}

/** A novel that was listened to, ever. */
export interface ListenedNovel extends Omit<ListeningDay, 'day'> {
  readonly title: string
  readonly author: string
  readonly language: string
  readonly days: number
  readonly lastDay: string
}

/** All novels that a listener has listened to, the longest first. */
export async function listenedNovels(db: Database, listener: string): Promise<ListenedNovel[]> {
  return db
    .selectFrom('listeningDays')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select(({ fn }) => [
      'novelId',
      'title',
      'author',
      'language',
      fn.sum<number>('wallSeconds').as('wallSeconds'),
      fn.sum<number>('audioSeconds').as('audioSeconds'),
      fn.count<number>('day').distinct().as('days'),
      sql<string>`max(day)`.as('lastDay'),
    ])
    .where('listener', '=', listener)
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(listener))
    .groupBy(['novelId', 'title', 'author', 'language'])
    .orderBy(sql`sum("audioSeconds") DESC, "novelId"`)
    .execute()
}
