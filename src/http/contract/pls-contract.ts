import { z } from 'zod'
import { lexiconScopes } from '../../novel/lexicon-entry.ts'

// Request and response schemas of lexicons as files: W3C PLS.

export const plsQuery = z.object({
  scope: z.enum(lexiconScopes).default('novel').describe('whose words: of the novel, of its series, of all'),
})

export const plsReport = z.object({
  success: z.literal(true),
  taken: z.number().int(),
  refused: z
    .array(
      z.object({
        written: z.string(),
        reason: z.enum([
          'alphabet',
          'ipa',
          'no-grapheme',
          'no-pronunciation',
          'too-long',
          'entity',
          'role',
          'further-pronunciation',
          'repeated',
          'too-many',
        ]),
        detail: z.string().optional().describe('the alphabet, role or pronunciation that it is about'),
      }),
    )
    .max(200)
    .describe('the first 200 that were not taken, and why'),
  refusedCount: z.number().int(),
})

export type PlsReport = z.infer<typeof plsReport>
export type PlsReason = PlsReport['refused'][number]['reason']
