import { z } from 'zod'
import { lexiconLimits, lexiconScopes } from '../../novel/lexicon-entry.ts'
import { nonEmptyLine, seconds, speed, voiceId } from './field-contract.ts'

// Request and response schemas of how words are said.

const scope = z
  .enum(lexiconScopes)
  .describe('where it holds: in this novel, in the novels of its series, in all; the narrower goes before')

const written = nonEmptyLine(lexiconLimits.written).describe('a word or phrase as the book writes it')
const words = nonEmptyLine(lexiconLimits.said).describe('other words that are said instead')
const ipa = nonEmptyLine(lexiconLimits.said).describe(
  'how it sounds: IPA with stress, words of a phrase apart',
)
const language = z
  .string()
  .regex(/^[a-z]{2,3}$/, 'the first part of a language tag is wanted, as en')
  .describe('of the texts that it holds for; left out: of every language')
const caseSensitive = z.boolean().describe('whether capitals have to be those of `written`')
const stem = z.boolean().describe('also with the endings of the language: possessive ’s, plural')

const fields = { written, words: words.optional(), ipa: ipa.optional(), language: language.optional() }

const off = z.boolean().describe('kept, but not used')

const lexiconEntry = z.object({
  id: z.uuid(),
  ...fields,
  caseSensitive,
  stem,
  fromBook: z
    .enum(['lexicon', 'text'])
    .optional()
    .describe('it came with the book: in its lexicon, or in its text (`ssml:ph`)'),
  off: off.optional(),
})

/** Exactly one of `words` and `ipa`, which is checked with what they say. */
const wantedEntry = z.strictObject({
  written,
  words: words.nullable().optional(),
  ipa: ipa.nullable().optional().describe('one of `words` and `ipa` is wanted'),
  language: language.nullable().optional(),
  caseSensitive: caseSensitive.default(false),
  stem: stem.default(true),
})

export const wantedEntries = z.strictObject({
  scope,
  put: z
    .array(
      wantedEntry.extend({
        id: z.uuid().optional().describe('of the entry that it takes the place of'),
        off: off.default(false),
      }),
    )
    .max(lexiconLimits.entries)
    .default([])
    .describe('takes the place of an entry for the same word'),
  remove: z.array(z.uuid()).max(lexiconLimits.entries).default([]).describe('ids of entries'),
})

export const lexiconScopeBody = z.strictObject({ scope })

export const lexiconView = z.object({
  state: z
    .enum(['none', 'waiting', 'applied', 'undone', 'failed'])
    .describe(
      'whether the book is said so; `undone`: the change of its chapters was taken back; `none`: nothing was ever changed',
    ),
  progress: z
    .object({ done: z.number().int(), total: z.number().int() })
    .optional()
    .describe('chapters of this book that were gone through, while it is brought up to date'),
  waiting: z.number().int().describe('novels that are still to be brought up to date, this one among them'),
  scopes: z.array(
    z.object({
      scope,
      name: z.string().optional().describe('of the series'),
      entries: z.array(lexiconEntry),
      undo: z.boolean(),
      redo: z.boolean(),
    }),
  ),
})

export const lexiconPlan = z.object({
  segments: z.number().int().describe('that are spoken and would be spoken anew'),
  chapters: z.number().int(),
  novels: z.number().int(),
  seconds: seconds.describe('until they are'),
})

export const hearRequest = z.strictObject({
  entry: wantedEntry,
  sentence: nonEmptyLine(500)
    .optional()
    .describe('that it is heard in; left out: the first of the book that has the word, else the word alone'),
  voice: voiceId.optional().describe('left out: the voice of the novel'),
  speed: speed.optional(),
})

export type LexiconView = z.infer<typeof lexiconView>
export type LexiconEntryView = z.infer<typeof lexiconEntry>
export type WantedEntryBody = z.input<typeof wantedEntry>
export type WantedEntriesBody = z.input<typeof wantedEntries>
export type LexiconPlan = z.infer<typeof lexiconPlan>
