import { z } from 'zod'
import { audioFormats } from '../../audio/codec/audio-formats.ts'

// Request and response schemas of the OpenAI-compatible speech API.

/** Accepted model names; all mean the same model. */
export const modelNames = ['nightjar', 'tts-1', 'tts-1-hd', 'gpt-4o-mini-tts'] as const

/** OpenAI’s voice names, which some clients have hard-coded; they map to the default voice for English. */
export const openAiVoices: ReadonlySet<string> = new Set(
  'alloy ash ballad cedar coral echo fable marin nova onyx sage shimmer verse'.split(' '),
)

/** Maximum input in UTF-16 units: about two hours of speech. */
export const maxCharacters = 100_000

const voiceName = z.string().max(200)

/** Unknown fields (`instructions`, extensions of other servers) are accepted and ignored. */
export const speechRequest = z.object({
  model: z
    .string()
    .max(200)
    .default('nightjar')
    .describe(`one of ${modelNames.join(', ')}`),
  // minLength is only documented: empty input is refused with its own code, `speech.nothing-to-speak`.
  input: z.string().meta({ description: `the text, up to ${maxCharacters} characters`, minLength: 1 }),
  voice: z
    .union([voiceName, z.object({ id: voiceName })])
    .default('alloy')
    .describe(
      'the id or the name of a voice, e.g. hibari:heart, Heart; OpenAI’s names mean the voice for English',
    ),
  response_format: z.enum(['aac', ...audioFormats]).default('mp3'),
  speed: z
    .number()
    .min(0.25, 'must be 0.25 to 4')
    .max(4, 'must be 0.25 to 4')
    .default(1)
    .describe('voices speak at 0.5 to 2; what is beyond is spoken at the nearest'),
  stream_format: z
    .enum(['audio', 'sse'])
    .default('audio')
    .describe('sse: events speech.audio.delta with base64, at the end speech.audio.done'),
})
export type SpeechFormat = z.infer<typeof speechRequest>['response_format']

export const speechTypes: Readonly<Record<SpeechFormat, string>> = {
  aac: 'audio/aac',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  opus: 'audio/ogg',
  pcm: 'audio/pcm',
  wav: 'audio/wav',
}

export const speechFailure = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    code: z.string(),
    param: z.string().nullable().describe('the field that is not right'),
  }),
})

export const model = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.number().int().describe('seconds since 1970'),
  owned_by: z.string(),
})
export const models = z.object({ object: z.literal('list'), data: z.array(model) })
export const modelParams = z.object({ id: z.string().max(200) })

export const speechVoicesQuery = z.object({
  language: z.string().max(20).optional().describe('only voices of this language, e.g. vi'),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
  offset: z.coerce.number().int().min(0).default(0),
})
export const speechVoices = z.object({
  voices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      language: z.string(),
      gender: z.enum(['female', 'male']).optional(),
      neural: z.boolean(),
      default: z.boolean().describe('novels in its language get this voice'),
    }),
  ),
})
