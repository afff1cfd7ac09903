import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import { releaseClaimsOf } from '../../storage/queries/claim-queries.ts'
import { liveServers, serverById, type ServerRow } from '../../storage/queries/server-queries.ts'
import type { JobQueue } from '../job-queue.ts'
import type { ServerState } from './server-directory.ts'

interface FormerServerParts {
  readonly db: Database
  readonly jobs: Pick<JobQueue, 'giveBackAll'>
  /** Whether no other server has registered its use of the database. */
  readonly isAlone: () => Promise<boolean>
  readonly log: Pick<Logger, 'info'>
  /** Left out: 3 s. */
  readonly reopenMs?: number
}

/** A server that lives was seen within this time. */
const aliveMs = 15_000
/** The session by which a server tells of its use ends with it. One that has only lost it has a new one by then. */
const defaultReopenMs = 3000
const looks = 10

/**
 * Gives back at once what servers held that were killed; else that waits until it lapses: what the former server of this
 * data folder held, and where no other server lives, what any did. Claims of one that machines had joined stay: the clips
 * in their hands are stored by them. Jobs do not say who holds them, so they are given back only where no other server
 * lives. To be called before the new server takes anything.
 */
export async function releaseFormerServer(
  parts: FormerServerParts,
  former: string | undefined,
): Promise<void> {
  const { db, jobs, log } = parts
  const row = former === undefined ? undefined : await serverById(db, former)
  const others = (await liveServers(db, aliveMs)).filter(({ id }) => id !== former)
  // Others were seen a moment ago: it is waited for those of them that live.
  const isLast = others.length > 0 ? await staysAlone(parts) : await parts.isAlone()
  let claims = former === undefined || (row && hadMachines(row)) ? 0 : await releaseClaimsOf(db, former)
  for (const other of isLast ? others : [])
    if (!hadMachines(other)) claims += await releaseClaimsOf(db, other.id)
  const returned = isLast ? await jobs.giveBackAll() : 0
  if (claims > 0 || returned > 0)
    log.info({ former, claims, jobs: returned }, 'what a server held that was killed is given back')
}

async function staysAlone({ isAlone, reopenMs = defaultReopenMs }: FormerServerParts): Promise<boolean> {
  for (let look = 0; look < looks; look++) {
    if (!(await isAlone())) return false
    await wait(reopenMs / looks)
  }
  return isAlone()
}

function hadMachines({ state }: ServerRow): boolean {
  return (JSON.parse(state) as Pick<ServerState, 'machines'>).machines.length > 0
}
