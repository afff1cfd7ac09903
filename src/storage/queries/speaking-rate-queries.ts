import { sql } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'

type SpeakingRateRow = Tables['speakingRates']

/** What was spoken in a voice, as sums; see the table. */
export type SpeakingSums = Omit<SpeakingRateRow, 'machine' | 'voice'>

/** Above this, the sums are halved first: what was measured long ago counts less and less. */
const mostBusySeconds = 1800

/** Adds what a machine has spoken since the last time, by voice, in one durable commit. */
export async function addSpeakingSums(
  db: Database,
  machine: string,
  byVoice: ReadonlyMap<string, SpeakingSums>,
): Promise<void> {
  await db.transaction().execute(async (commit) => {
    // In one order everywhere: two servers of one machine write the same rows.
    for (const [voice, sums] of [...byVoice].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
      const added = (column: keyof SpeakingSums) => {
        const known = sql.ref<number>(`speakingRates.${column}`)
        const busy = sql.ref<number>('speakingRates.busySeconds')
        const kept = sql<number>`CASE WHEN ${busy} > ${mostBusySeconds} THEN ${known} / 2 ELSE ${known} END`
        return sql<number>`${kept} + ${sums[column]}`
      }
      await commit
        .insertInto('speakingRates')
        .values({ machine, voice, ...sums })
        .onConflict((conflict) =>
          conflict.columns(['machine', 'voice']).doUpdateSet({
            segments: added('segments'),
            characters: added('characters'),
            speechSeconds: added('speechSeconds'),
            pacedSeconds: added('pacedSeconds'),
            busySeconds: added('busySeconds'),
          }),
        )
        .execute()
    }
  })
}

/** What has been spoken in a voice: by this machine, and by all. */
export async function speakingSums(
  db: Database,
  voice: string,
): Promise<readonly (SpeakingSums & { readonly machine: string })[]> {
  return db
    .selectFrom('speakingRates')
    .select(['machine', 'segments', 'characters', 'speechSeconds', 'pacedSeconds', 'busySeconds'])
    .where('voice', '=', voice)
    .execute()
}
