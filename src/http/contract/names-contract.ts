import { z } from 'zod'
import { nonEmptyLine } from './field-contract.ts'

// Request and response schemas of names to check.

const place = z.number().int().min(0)

const nameToCheck = z.object({
  word: z.string(),
  count: z.number().int(),
  isName: z.boolean().describe('false: a word that no dictionary has'),
  forms: z.array(z.string()).describe('names that it is a part of, those that occur most first'),
  first: z.object({ chapterNumber: z.number().int(), block: place, start: place, end: place }),
  sentence: z.string().describe('in which it stands first, or a part of it'),
  said: z
    .string()
    .describe('how it is said by itself: IPA, in Chinese pinyin, in Japanese kana; empty: nobody knows'),
  doubt: z.number().describe('0: a dictionary has it, and says it so; 1: it is a guess'),
  proposal: z
    .object({
      ipa: z.string(),
      basis: z
        .enum(['dictionary', 'en', 'fr', 'de', 'es', 'it', 'vi', 'zh'])
        .describe('a dictionary of the novel’s language, or the rules of the language it may come from'),
    })
    .optional()
    .describe('how else it may be said; a guess'),
  fine: z.boolean().describe('somebody heard it and found it well said'),
})

export const namesView = z.object({
  unspaced: z.boolean().describe('words are not told apart in this script, and no names were found'),
  names: z.array(nameToCheck).describe('those first that occur often and are said by guess'),
})

export const fineNames = z.strictObject({
  words: z.array(nonEmptyLine(100)).min(1).max(300),
  fine: z.boolean(),
})

export type NamesView = z.infer<typeof namesView>
export type NameToCheckView = NamesView['names'][number]
export type NameBasis = NonNullable<NameToCheckView['proposal']>['basis']
