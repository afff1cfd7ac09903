import {
  CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  type Dialect,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database, Tables } from '../database-tables.ts'

// Statements that do not depend on each other's answers are sent together: where every core is busy each way to the
// database and back costs two turns of the machine's scheduler, which is far more than most statements.

/** Reads what `read` asks for on one connection. What it asks for at once is sent at once. */
export function readTogether<T>(db: Database, read: (db: Database) => Promise<T>): Promise<T> {
  return db.getExecutor().provideConnection((connection) => read(onConnection(db, connection)))
}

/**
 * Runs statements as one transaction, durable when it returns, in one way to the database and back; then what `also` runs
 * one after the other, each of which is answered without rows. Throws the first error; then nothing has changed.
 */
export async function transactAtOnce(
  db: Database,
  statements: readonly CompiledQuery[],
  also: (transaction: Database) => Promise<void>,
): Promise<readonly QueryResult<unknown>[]> {
  const more = await statementsOf(db, also)
  return db.getExecutor().provideConnection(async (connection) => {
    const executor = onConnection(db, connection).getExecutor()
    const outcomes = await Promise.allSettled([
      connection.executeQuery(CompiledQuery.raw('begin')),
      ...statements.map((statement) => executor.executeQuery(statement)),
      ...more.map((statement) => connection.executeQuery(statement)),
      connection.executeQuery(CompiledQuery.raw('commit')),
    ])
    const results: QueryResult<unknown>[] = []
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      results.push(outcome.value)
    }
    return results.slice(1, 1 + statements.length)
  })
}

/** The statements that `work` runs. */
async function statementsOf(
  db: Database,
  work: (db: Database) => Promise<void>,
): Promise<readonly CompiledQuery[]> {
  const statements: CompiledQuery[] = []
  const recording: DatabaseConnection = {
    async executeQuery<Row>(statement: CompiledQuery): Promise<QueryResult<Row>> {
      statements.push(statement)
      return { rows: [] }
    },
    streamQuery() {
      throw new Error('what is only recorded has no rows')
    },
  }
  await work(onConnection(db, recording))
  return statements
}

/** The same database, on this connection alone, which may get several statements at once. */
function onConnection(db: Database, connection: DatabaseConnection): Database {
  const provider: ConnectionProvider = { provideConnection: (consumer) => consumer(connection) }
  const executor = db.getExecutor().withConnectionProvider(provider)
  return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor })
}

class WithoutTransactions extends DummyDriver {
  override async beginTransaction(): Promise<void> {
    throw new Error('what is read together is in no transaction')
  }
}

const driver = new WithoutTransactions()
const dialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => driver,
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}
