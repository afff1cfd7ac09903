import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'

export interface SignInFailures {
  readonly failures: number
  readonly lastAt: number
  /** Epoch milliseconds before which no further attempt is looked at. */
  readonly nextAt: number
}

/**
 * Counts an attempt before it is looked at, so that many at once are not taken for one. `next` says what stands in the row
 * from now on, or `undefined`: this attempt is not looked at, and not counted. Returns what stood there.
 */
export async function countAttempt(
  db: Database,
  digest: Uint8Array,
  next: (before: SignInFailures | undefined) => SignInFailures | undefined,
): Promise<SignInFailures | undefined> {
  return db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, `sign-in ${Buffer.from(digest).toString('hex')}`)
    const before = await commit
      .selectFrom('signInFailures')
      .select(['failures', 'lastAt', 'nextAt'])
      .where('digest', '=', digest)
      .executeTakeFirst()
    const row = next(before)
    if (row) {
      await commit
        .insertInto('signInFailures')
        .values({ digest, ...row })
        .onConflict((conflict) => conflict.column('digest').doUpdateSet(row))
        .execute()
    }
    return before
  })
}

export async function forgetFailures(db: Database, digest: Uint8Array): Promise<void> {
  await db.deleteFrom('signInFailures').where('digest', '=', digest).execute()
}

export async function forgetOldFailures(db: Database, before: number): Promise<void> {
  await db.deleteFrom('signInFailures').where('lastAt', '<', before).execute()
}
