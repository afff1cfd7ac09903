import type { Logger } from 'pino'
import type { EventBus } from '../jobs/event-bus.ts'
import { InProcessEventBus } from '../jobs/in-process/in-process-event-bus.ts'
import type { Database } from '../storage/database-tables.ts'
import { InProcessLock } from '../storage/in-process/in-process-lock.ts'
import type { Lock } from '../storage/lock.ts'

/** How the servers of a database exclude each other and tell each other what changed. */
export interface Coordination {
  readonly lock: Lock
  readonly eventBus: EventBus
}

interface CoordinationParts {
  /** Address of a Postgres; empty: this server has its database for itself. */
  readonly url: string
  readonly db: Database
  readonly serverId: string
  readonly log: Logger
}

/** Throws the database's errors if it cannot be reached. */
export async function openCoordination(
  { url, db, serverId, log }: CoordinationParts,
  closing: AsyncDisposableStack,
): Promise<Coordination> {
  if (url === '') return { lock: new InProcessLock(), eventBus: new InProcessEventBus(log) }
  const [{ PostgresLock }, { PostgresNotices }, { DistributedEventBus }] = await Promise.all([
    import('../storage/postgres/postgres-lock.ts'),
    import('../storage/postgres/postgres-notices.ts'),
    import('../jobs/distributed/distributed-event-bus.ts'),
  ])
  const lock = closing.use(await PostgresLock.open(url, new InProcessLock()))
  const notices = new PostgresNotices(url, db)
  const eventBus = closing.use(await DistributedEventBus.open({ notices, serverId, log }))
  return { lock, eventBus }
}
