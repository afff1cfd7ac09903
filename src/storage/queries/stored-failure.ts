import { z } from 'zod'
import { parseStoredJson } from './column-values.ts'

const storedFailure = z.object({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** A failure as a column has it, JSON: its code and details, from which a sentence is made. */
export type StoredFailure = z.infer<typeof storedFailure>

export function readStoredFailure(column: string | null): StoredFailure | null {
  return column === null ? null : storedFailure.parse(parseStoredJson(column))
}

export function storedFailureColumn(failure: StoredFailure | null): string | null {
  return failure === null ? null : JSON.stringify({ code: failure.code, details: failure.details })
}
