import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import { releaseClaimsOf } from '../../storage/queries/claim-queries.ts'
import { liveServers, serverById, type ServerRow } from '../../storage/queries/server-queries.ts'
import type { JobQueue } from '../job-queue.ts'
import type { ServerState } from './server-directory.ts'

interface FormerServerParts {
  readonly db: Database
  readonly jobs: JobQueue
  /** Whether no other server has registered its use of the database. */
  readonly isAlone: () => Promise<boolean>
  readonly log: Logger
}

/** A server that lives was seen within this time. */
const aliveMs = 15_000

/**
 * Gives back at once what the former server of a data folder held when it was killed; else that waits until it lapses.
 * Claims of one that machines had joined stay: the clips in their hands are stored by them. Jobs do not say who holds
 * them, so they are given back only where no other server lives. To be called before the new server takes anything.
 */
export async function releaseFormerServer(
  { db, jobs, isAlone, log }: FormerServerParts,
  former: string | undefined,
): Promise<void> {
  const row = former === undefined ? undefined : await serverById(db, former)
  const claims = former === undefined || (row && hadMachines(row)) ? 0 : await releaseClaimsOf(db, former)
  const others = (await liveServers(db, aliveMs)).filter(({ id }) => id !== former)
  const returned = others.length === 0 && (await isAlone()) ? await jobs.giveBackAll() : 0
  if (claims > 0 || returned > 0)
    log.info({ former, claims, jobs: returned }, 'what the former server held is given back')
}

function hadMachines({ state }: ServerRow): boolean {
  return (JSON.parse(state) as Pick<ServerState, 'machines'>).machines.length > 0
}
