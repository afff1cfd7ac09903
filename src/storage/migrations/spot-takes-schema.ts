import type { SchemaStep } from './schema-words.ts'

/** Which take the clip of a spot is, and which it replaced when another was asked for. */
export const spotTakesSchema: SchemaStep = ({ integer }) => [
  `ALTER TABLE spots ADD COLUMN take ${integer} NOT NULL DEFAULT 0`,
  `ALTER TABLE spots ADD COLUMN replaced ${integer}`,
]
