import { DefaultQueryExecutor, type QueryExecutor } from 'kysely'

const executors = Object.getPrototypeOf(DefaultQueryExecutor.prototype) as Pick<QueryExecutor, 'executeQuery'>

/** Number of statements of this process, those of transactions too, while something is done. */
export async function countStatements(work: () => Promise<unknown>): Promise<number> {
  const execute = executors.executeQuery
  let statements = 0
  executors.executeQuery = function (this: QueryExecutor, query, ...rest) {
    statements++
    return execute.call(this, query, ...rest) as ReturnType<typeof execute<never>>
  }
  try {
    await work()
  } finally {
    executors.executeQuery = execute
  }
  return statements
}
