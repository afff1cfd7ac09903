import { PgBoss, type ConstructorOptions } from 'pg-boss'

/** Of statements whose schema, table, column, function or type is gone. */
const goneStates = /^(?:3F000|42P01|42703|42704|42883)$/
/** Of statements that make what is there already: something else is gone. */
const doubleStates = /^(?:42P06|42P07|42710|42723)$/
/** pg-boss says so of a queue whose row is gone. */
const goneQueue = /^Queue .* does not exist$/

/** Whether an error says that the tables of pg-boss are not as it needs them. */
export function areTablesDamaged(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = 'code' in each && typeof each.code === 'string' ? each.code : ''
    if (goneStates.test(code) || doubleStates.test(code) || goneQueue.test(each.message)) return true
  }
  return false
}

export interface DamagedTables {
  /** Whether any of them is there. */
  readonly isThere: boolean
  /** Removes them all. */
  drop(): Promise<void>
}

/** The queue that the tables are tried with. */
const trial = 'trial'

/**
 * Makes the tables of pg-boss anew if they are damaged: what is lost with them are hints, which whoever sent them sends
 * again. Not to be called by two servers at once. Returns whether they were.
 */
export async function repairJobTables(
  options: ConstructorOptions,
  { isThere, drop }: DamagedTables,
): Promise<boolean> {
  // What is gone altogether is made by whoever starts, and nobody would know that it was lost.
  if (isThere && (await withBoss(options, areUsable))) return false
  await drop()
  await withBoss(options, (boss) => boss.start())
  return true
}

async function withBoss<T>(options: ConstructorOptions, use: (boss: PgBoss) => Promise<T>): Promise<T> {
  const boss = new PgBoss(options)
  boss.on('error', () => undefined)
  try {
    return await use(boss)
  } finally {
    await boss.stop({ graceful: false }).catch(() => undefined)
  }
}

/** Brings a job from its beginning to its end. */
async function areUsable(boss: PgBoss): Promise<boolean> {
  try {
    await boss.start()
    await boss.createQueue(trial)
    const [id] = (await boss.insert(trial, [{ data: {}, expireInSeconds: 60 }], { returnId: true })) ?? []
    const [job] = await boss.fetch(trial)
    if (id === undefined || !job) return false
    await boss.touch(trial, job.id)
    await boss.fail(trial, job.id)
    await boss.deleteQueue(trial)
    return true
  } catch (error) {
    if (areTablesDamaged(error)) return false
    throw error
  }
}
