import { z } from 'zod'
import { nonEmptyLine, novelParams, seconds, voiceId } from './field-contract.ts'

// Request and response schemas of who speaks in a novel.

const gender = z.enum(['female', 'male'])
const age = z.enum(['child', 'old'])
const role = z
  .number()
  .int()
  .min(0)
  .describe('0 the narrator, 1 whoever speaks what nobody is known to speak, then characters')
const place = z.number().int().min(0)
const version = z
  .number()
  .int()
  .min(0)
  .describe('of the cast that the change was made of; another by now: 409')

const character = z.object({
  role: role.min(2),
  name: z.string(),
  names: z.array(z.string()).describe('in lower case, without articles: whoever the text calls so is meant'),
  gender: gender.optional(),
  age: age.optional(),
  voice: voiceId.optional().describe('left out: as the rest of the dialogue'),
  proposedVoice: voiceId.optional().describe('one of the same gender'),
  sameAs: role.optional().describe('the role of a character that this one may be'),
  lines: z.number().int(),
  first: z
    .object({ chapterNumber: z.number().int(), block: place, start: place, end: place, text: z.string() })
    .optional()
    .describe('the first line, at most 240 characters of it'),
})

export const castView = z.object({
  state: z.enum(['none', 'analysing', 'ready', 'failed']),
  version,
  applied: z.boolean().describe('whether the book is spoken so'),
  lapsed: z
    .boolean()
    .describe(
      'it was, and chapters were made anew since: the narrator speaks all of them until it is applied again',
    ),
  unread: z.number().int().describe('chapters that no analysis has read'),
  dialogue: voiceId
    .optional()
    .describe('the voice of lines that nobody is known to speak; left out: the narrator’s'),
  characters: z.array(character).describe('those with most lines first'),
  open: z.number().int().describe('lines of which the text does not tell who speaks them'),
  narrated: z.number().int().describe('thoughts, and lines of a storyteller who says “I”'),
  corrections: z.number().int().describe('lines that somebody gave to others'),
  sentences: z
    .array(z.object({ id: z.string(), text: z.string(), voice: voiceId }))
    .describe('those with a voice of their own, whoever says them'),
  undo: z.boolean(),
  redo: z.boolean(),
  questions: z
    .object({
      state: z.enum(['none', 'wanted', 'stopped', 'done', 'failed', 'spent']),
      asked: z.number().int(),
      total: z.number().int(),
      requests: z.number().int().describe('that the novel has cost'),
      maxRequests: z.number().int(),
      tokens: z.number().int(),
      maxTokens: z.number().int(),
      message: z.string().optional().describe('why it ended early'),
    })
    .optional()
    .describe('what a language model is asked about open lines; left out: none is set up'),
})

export const wantedCast = z.strictObject({
  version,
  dialogue: voiceId.nullable().optional(),
  characters: z
    .array(
      z.strictObject({
        role: role.min(2).optional().describe('left out: a new character'),
        name: nonEmptyLine(200),
        names: z.array(nonEmptyLine(200)).max(200),
        gender: gender.nullable().optional(),
        age: age.nullable().optional(),
        voice: voiceId.nullable().optional(),
      }),
    )
    .max(5000),
})

export const castLine = z.object({
  block: place,
  start: place,
  end: place,
  kind: z.enum(['speech', 'thought']),
  role,
  basis: z
    .enum(['said', 'pronoun', 'continued', 'turn', 'model', 'corrected'])
    .optional()
    .describe(
      'why it is somebody’s: told by name, by a pronoun, by the paragraph, by turns, proposed by a language model, or given by somebody here',
    ),
})

export const correctedLines = z.strictObject({
  version,
  lines: z
    .array(
      z.strictObject({ block: place, start: place, role: role.nullable().describe('null: as it was found') }),
    )
    .min(1)
    .max(5000),
})

export const sentenceParams = novelParams.extend({ sentence: z.string().regex(/^[0-9a-f]{16}$/) })

export const sentenceVoice = z.strictObject({
  voice: voiceId.nullable().describe('null: as the rest of the book has it'),
  apply: z
    .boolean()
    .default(false)
    .describe('have it spoken so at once; not while other changes of the cast wait to be applied'),
})

export const castVersion = z.strictObject({ version })

export const castPlan = z.object({
  segments: z.number().int().describe('that are spoken and would be spoken anew'),
  chapters: z.number().int(),
  seconds: seconds.describe('until they are'),
})

export type CastView = z.infer<typeof castView>
export type CastCharacter = CastView['characters'][number]
export type WantedCastBody = z.infer<typeof wantedCast>
export type CastLine = z.infer<typeof castLine>
export type CastPlan = z.infer<typeof castPlan>
