import { z } from 'zod'
import type { JsonObject } from '../../novel/merge-patch.ts'

/**
 * Stored settings as far as the schema knows them: what a later or earlier version has stored, and what is no value of
 * its field any more, is left out.
 */
export function knownSettings<Of extends z.ZodObject>(schema: Of, stored: JsonObject): z.infer<Of> {
  const known = Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, optional]) => {
    const value = stored[name]
    const field = optional instanceof z.ZodOptional ? (optional.unwrap() as z.ZodType) : optional
    if (field instanceof z.ZodObject && typeof value === 'object' && value !== null)
      return [[name, knownSettings(field, value as JsonObject)] as const]
    const { success, data } = field.safeParse(value)
    return success ? [[name, data] as const] : []
  })
  return Object.fromEntries(known) as z.infer<Of>
}
