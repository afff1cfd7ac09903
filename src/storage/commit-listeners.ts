import type { DatabaseConnection } from 'kysely'
import type { Database } from './database-tables.ts'

const listeners = new WeakMap<DatabaseConnection, (() => void)[]>()

/** Calls the listener once the transaction is committed, on a database whose driver reports that. */
export async function afterCommit(transaction: Database, listener: () => void): Promise<void> {
  await transaction.getExecutor().provideConnection(async (connection) => {
    listeners.set(connection, [...(listeners.get(connection) ?? []), listener])
  })
}

/** For drivers: the transaction of this connection has ended. */
export function reportTransactionEnd(connection: DatabaseConnection, committed: boolean): void {
  const waiting = listeners.get(connection)
  if (!waiting) return
  listeners.delete(connection)
  if (committed) for (const listener of waiting) listener()
}
