import { z } from 'zod'
import { nonEmptyLine } from './field-contract.ts'

export const pronunciationQuery = z.object({
  word: nonEmptyLine(80).describe('a word, or a few'),
  language: z.string().min(2).max(35).describe('of the word, as a BCP 47 tag'),
})

export const pronunciation = z.object({
  success: z.literal(true),
  phonemes: z.string().describe('IPA with stress; empty: not known'),
})

export type PronunciationView = z.infer<typeof pronunciation>
