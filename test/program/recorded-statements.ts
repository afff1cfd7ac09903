import { type CompiledQuery, DefaultQueryExecutor, type QueryExecutor } from 'kysely'

/** All statements of this process since this file was loaded, those of transactions too. */
export const statements: CompiledQuery[] = []

const executors = Object.getPrototypeOf(DefaultQueryExecutor.prototype) as Pick<QueryExecutor, 'executeQuery'>
const execute = executors.executeQuery
executors.executeQuery = function (this: QueryExecutor, query, ...rest) {
  statements.push(query)
  return execute.call(this, query, ...rest) as ReturnType<typeof execute<never>>
}

/** Those that are sent while something is done. */
export async function statementsOf(work: () => Promise<unknown>): Promise<readonly CompiledQuery[]> {
  const from = statements.length
  await work()
  return statements.slice(from)
}

/** The fewest of three times: what a server writes of itself every few seconds may come in between. */
export async function fewestStatementsOf(work: () => Promise<unknown>): Promise<readonly CompiledQuery[]> {
  const times: (readonly CompiledQuery[])[] = []
  for (let time = 0; time < 3; time++) times.push(await statementsOf(work))
  return times.toSorted((one, other) => one.length - other.length)[0]!
}
