import type { SchemaStep } from './schema-words.ts'

/** Voices of Piper’s that were taught on pinyin. */
export const frontEndsSchema: SchemaStep = ({ text }) => [`ALTER TABLE voices ADD COLUMN "frontEnd" ${text}`]
