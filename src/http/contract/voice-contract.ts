import { z } from 'zod'
import { voiceFamilies } from '../../novel/installed-voice.ts'
import { nonEmptyLine, pageQuery, speed, voiceId, said } from './field-contract.ts'

// Request and response schemas of the voices API: voices, the catalogue, installs, speech servers.

const weights = z.enum(['fp16', 'fp32', 'int8'])

const blendPart = z.strictObject({
  voice: voiceId,
  percent: z.number().int().min(1).max(99),
})
const blendParts = z.array(blendPart).min(2).max(6).describe('voices of Kokoro; the parts make 100')

export const voice = z.object({
  id: z.string(),
  engine: z.string(),
  name: z.string(),
  language: z.string().describe('BCP 47; mul: any, it is on a speech server'),
  gender: z.enum(['female', 'male']).optional(),
  neural: z.boolean(),
  default: z.boolean().describe('the one that novels in its language get'),
  source: z.enum(['built-in', 'public', 'file', 'server', 'blend']),
  quality: z.string().optional(),
  licence: z.string().nullable().optional(),
  bytes: z.number().int().optional().describe('on the disk, when it can be removed'),
  speakers: z.array(z.string()).optional().describe('speaker N of them is the voice ID:N'),
  cost: z
    .object({
      speechPerCpuSecond: z.number().describe('seconds of speech that a CPU second gives'),
      memoryBytes: z.number().int().describe('of a speaker that has it loaded'),
    })
    .optional()
    .describe('on this machine, measured when it was proved'),
  weights: weights.optional().describe('as which its model was fetched'),
  wordTimes: z
    .literal('estimated')
    .optional()
    .describe('its word times are estimated from the sound; left out: they are exact, or there are none'),
  blend: z.array(blendPart).optional(),
})

export const voiceParams = z.object({ id: voiceId })

export const sampleRequest = z.strictObject({
  text: nonEmptyLine(500).optional(),
  speed: speed.optional(),
  language: z.string().max(20).optional(),
})

export const blendSampleRequest = z.strictObject({ parts: blendParts, text: nonEmptyLine(500).optional() })
export const blendRequest = z.strictObject({ parts: blendParts, name: nonEmptyLine(100).optional() })

export const voiceCatalogueQuery = pageQuery.extend({
  language: z.string().max(20).optional(),
  search: z.string().max(100).optional(),
})
export const catalogueVoice = z.object({
  id: z.string(),
  family: z.enum(voiceFamilies),
  language: z.string(),
  languageName: z.string(),
  nativeName: z.string(),
  name: z.string(),
  gender: z.enum(['female', 'male']).optional(),
  quality: z.string(),
  speakers: z.number().int(),
  bytes: z.number().int(),
  licence: z.string().nullable().describe('null: ask for the card'),
  wordTimes: z.literal('estimated').optional().describe('its word times are estimated from the sound'),
  installed: z.boolean(),
  installing: z.uuid().nullable(),
  sizes: z
    .array(z.object({ weights, bytes: z.number().int() }))
    .describe('of the model to choose from; empty: there is one, or it is here'),
})
export const catalogueLanguage = z.object({
  tag: z.string(),
  name: z.string(),
  nativeName: z.string(),
  count: z.number().int(),
})
export const card = z.object({
  licence: z.string().nullable(),
  text: z.string().nullable().describe('null: it has none'),
})

export const installRequest = z.strictObject({
  id: voiceId,
  weights: weights.optional().describe('of a model that is there in several sizes; left out: fp16'),
})
export const installParams = z.object({ installId: z.uuid() })
export const install = z.object({
  id: z.uuid(),
  voiceId: z.string(),
  name: z.string(),
  status: z.enum(['pending', 'downloading', 'proving', 'completed', 'failed', 'cancelled']),
  bytesDone: z.number().int(),
  bytesTotal: z.number().int(),
  errorMessage: z.string().nullable(),
  errorSaid: said,
  createdAt: z.string(),
})

/** RFC 5646, 2.1: language, script, region, a variant. */
const languageTag = z
  .string()
  .max(35)
  .regex(
    /^(?:[A-Za-z]{2,3}|[A-Za-z]{5,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))?$/,
    'not a language tag such as en-GB',
  )

export const voiceName = nonEmptyLine(100)

export const voicePatch = z
  .strictObject({
    name: voiceName,
    language: languageTag,
    default: z.literal(true),
    defaultFor: languageTag.describe('which language it shall be the default of; left out: its own'),
  })
  .partial()
export const voiceUse = z.object({ id: z.uuid(), title: z.string() })

/** http or https URL without credentials, query, fragment and inner white space. */
const serverAddress = /^\s*[hH][tT][tT][pP][sS]?:\/\/[^\s/?#@\\]+(?:\/[^\s?#]*)?\s*$/

const serverLimits = {
  parallel: z.number().int().min(1).max(64).describe('requests at the same time'),
  charactersPerRequest: z.number().int().min(50).max(100_000),
  charactersPerMonth: z.number().int().min(1).nullable().describe('null: no limit'),
  pcmRate: z
    .number()
    .int()
    .min(8000)
    .max(96_000)
    .nullable()
    .describe('answers that are raw 16-bit samples have this rate; null: they are refused'),
}
const serverFields = {
  title: nonEmptyLine(80).describe('what you call it'),
  address: z
    .string()
    .max(500)
    .regex(serverAddress, 'an address such as http://desk:8880/v1 is wanted')
    .describe('its base, e.g. http://desk:8880/v1'),
  key: nonEmptyLine(500).nullable().describe('never told again'),
  model: nonEmptyLine(200),
  voices: z.array(nonEmptyLine(100)).max(1000).describe('typed; empty: the server is asked'),
  ...serverLimits,
}
export const speechServerPost = z
  .strictObject(serverFields)
  .partial()
  .required({ title: true, address: true })
export const speechServerPatch = z.strictObject(serverFields).partial()
export const speechServerParams = z.object({ name: z.string().min(1).max(60) })
export const speechServer = z.object({
  name: z.string().describe('its voices are server:NAME:VOICE'),
  title: z.string(),
  address: z.string(),
  hasKey: z.boolean(),
  model: z.string(),
  ...serverLimits,
  charactersThisMonth: z.number().int(),
  voices: z.array(z.string()),
  voicesListed: z.boolean().describe('whether the server told them itself'),
  state: z.enum(['ok', 'resting', 'refused', 'spent']),
  message: z.string().nullable(),
  messageSaid: said,
  nextTryAt: z.string().nullable(),
})

export type Voice = z.infer<typeof voice>
export type BlendPart = z.infer<typeof blendPart>
export type CatalogueVoice = z.infer<typeof catalogueVoice>
export type Install = z.infer<typeof install>
export type VoiceUse = z.infer<typeof voiceUse>
export type SpeechServerView = z.infer<typeof speechServer>
