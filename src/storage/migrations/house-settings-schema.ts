import type { SchemaStep } from './schema-words.ts'

/** What an admin has set on the page for the whole house, by name; `value` is JSON. */
export const houseSettingsSchema: SchemaStep = ({ text, ...words }) => [
  words.table(
    '"houseSettings"',
    `name ${text} NOT NULL PRIMARY KEY,
    value ${text} NOT NULL`,
    { rowless: true },
  ),
]
