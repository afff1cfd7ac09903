import type { SchemaStep } from './schema-words.ts'

/** By which rule the chapters were found, of an edit that read the book again. */
export const editHeadingsSchema: SchemaStep = ({ text }) => [
  `ALTER TABLE "chapterEdits" ADD COLUMN headings ${text}`,
]
