import type { CastQuestionState } from '../cast-tables.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { parseStoredJson } from './column-values.ts'

export interface CastQuestionRun {
  readonly state: CastQuestionState
  readonly asked: number
  readonly total: number
  readonly message: string | null
}

/** Makes it wanted that the open lines of a novel are asked about, in the caller's transaction. */
export async function wantQuestions(db: Database, novelId: string): Promise<void> {
  await db
    .insertInto('castQuestionRuns')
    .values({ novelId, state: 'wanted', asked: 0, total: 0, message: null })
    .onConflict((conflict) =>
      conflict.column('novelId').doUpdateSet({ state: 'wanted', asked: 0, total: 0, message: null }),
    )
    .execute()
}

export async function questionRunOf(db: Database, novelId: string): Promise<CastQuestionRun | undefined> {
  return db
    .selectFrom('castQuestionRuns')
    .select(['state', 'asked', 'total', 'message'])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
}

/** Changes a run that is wanted; one that was stopped stays so. Returns whether it was. */
export async function updateQuestionRun(
  db: Database,
  novelId: string,
  change: Partial<CastQuestionRun>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('castQuestionRuns')
    .set(change)
    .where('novelId', '=', novelId)
    .where('state', '=', 'wanted')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function wantedQuestions(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('castQuestionRuns')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select('novelId')
    .where('state', '=', 'wanted')
    .where('complete', '=', novelState.shelved)
    .execute()
  return rows.map(({ novelId }) => novelId)
}

/** What the questions of a novel have cost. */
export async function questionCosts(
  db: Database,
  novelId: string,
): Promise<{ readonly requests: number; readonly tokens: number }> {
  const row = await db
    .selectFrom('castQuestions')
    .select(({ fn }) => [fn.sum<string>('requests').as('requests'), fn.sum<string>('tokens').as('tokens')])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return { requests: Number(row?.requests ?? 0), tokens: Number(row?.tokens ?? 0) }
}

/** The answers to a question; `undefined`: there are none. */
export async function answersOf(
  db: Database,
  novelId: string,
  key: string,
): Promise<Readonly<Record<number, string>> | undefined> {
  const row = await db
    .selectFrom('castQuestions')
    .select('answers')
    .where('novelId', '=', novelId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.answers == null ? undefined : (parseStoredJson(row.answers) as Record<number, string>)
}

/** Counts a request before it is sent, with the tokens that it costs at least: a killed server has counted it too. */
export async function countRequest(
  db: Database,
  novelId: string,
  key: string,
  tokens: number,
): Promise<void> {
  await db
    .insertInto('castQuestions')
    .values({ novelId, key, requests: 1, tokens, answers: null })
    .onConflict((conflict) =>
      conflict.columns(['novelId', 'key']).doUpdateSet(({ eb }) => ({
        requests: eb('castQuestions.requests', '+', 1),
        tokens: eb('castQuestions.tokens', '+', tokens),
      })),
    )
    .execute()
}

/** Stores the answers to a question. `moreTokens`: beyond what was counted for it. */
export async function saveAnswers(
  db: Database,
  novelId: string,
  key: string,
  {
    answers,
    moreTokens,
  }: { readonly answers: Readonly<Record<number, string>>; readonly moreTokens: number },
): Promise<void> {
  await db
    .updateTable('castQuestions')
    .set(({ eb }) => ({ answers: JSON.stringify(answers), tokens: eb('tokens', '+', moreTokens) }))
    .where('novelId', '=', novelId)
    .where('key', '=', key)
    .execute()
}
