import { sql } from 'kysely'
import type { SqlDialect } from '../sql-dialect.ts'
import { clipStatistics, incrementalVacuum } from './clips-database-file.ts'

export const sqliteDialect: SqlDialect = {
  numbers: (values) => sql`json_each(${JSON.stringify(values)})`,
  serialize: () => Promise.resolve(),
  clipStatistics,
  reclaimSpace: incrementalVacuum,
}
