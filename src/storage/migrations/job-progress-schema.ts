import type { SchemaStep } from './schema-words.ts'

/** How far jobs are that another server may be asked about. Lost with a crash of the database, until they report again. */
export const jobProgressSchema: SchemaStep = ({ integer, text, ...words }) => [
  words.table(
    '"jobProgress"',
    `job ${text} NOT NULL,
    id ${text} NOT NULL,
    done ${integer} NOT NULL,
    PRIMARY KEY (job, id)`,
    { rowless: true, passing: true },
  ),
]
