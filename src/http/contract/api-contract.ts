import { z } from 'zod'
import { skipReasons } from '../../novel/novel.ts'
import { heardRange } from './heard-contract.ts'

// Request and response schemas of the API. The page imports their types; `/api/openapi.json` is generated from them.

/** A non-blank line of text. The limit applies before trimming, so that it can be stated in the JSON schema. */
export const nonEmptyLine = (longest: number) => z.string().max(longest).regex(/\S/, 'it is empty').trim()

const novelId = z.uuid().describe('the id of a novel')
const chapterNumber = z.coerce.number().int().min(1).describe('1 is the first in reading order')
export const voiceId = z.string().min(3).max(300).describe('e.g. hibari:heart, espeak:vi')
const speed = z
  .number()
  .min(0.5)
  .max(2)
  .describe('1 is the pace of a narrator, 160 words a minute in English, whichever voice speaks')
const priority = z.number().int().min(-100).max(100).describe('higher is sooner, 0 is ordinary')
const seconds = z.number().min(0)

const status = z.enum(['pending', 'running', 'paused', 'completed', 'failed', 'cancelled'])
const chapterStatus = z.enum(['none', 'pending', 'running', 'paused', 'completed', 'failed', 'cancelled'])

export const novelParams = z.object({ id: novelId })
export const chapterParams = z.object({ id: novelId, number: chapterNumber })
export const segmentParams = chapterParams.extend({ index: z.coerce.number().int().min(0) })
export const statusParams = z.object({ novelId, chapterNumber })
export const progressParams = z.object({ progressId: z.uuid() })
export const voiceParams = z.object({ id: voiceId })

/** Query of every list endpoint. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).default(0),
})
export const novelsQuery = pageQuery.extend({ search: z.string().max(200).optional() })

/** Voice and speed of a rendition; left out: the novel's defaults. */
export const soundQuery = z.object({
  voice: voiceId.optional(),
  speed: z.coerce.number().min(0.5).max(2).optional(),
})

export const failure = z.object({
  success: z.literal(false),
  code: z.string(),
  error: z.string(),
  progress: z.unknown().optional(),
  export: z.unknown().optional(),
})

export const position = z.object({
  chapterNumber: z.number().int().min(1),
  segment: z.number().int().min(0),
  seconds,
})
export const storedPosition = position.extend({ updatedAt: z.string() })

export const novel = z.object({
  id: novelId,
  title: z.string(),
  author: z.string(),
  language: z.string(),
  voice: z.string().nullable().describe('the default voice; null if no installed voice speaks the language'),
  speed: z.number(),
  cover: z.string().nullable().describe('address of the cover image'),
  chapterCount: z.number().int(),
  chaptersNarrated: z.number().int().describe('what stands before and after the story is not counted'),
  segmentsDone: z
    .number()
    .int()
    .describe('spoken segments of the narrated chapters in the default voice and speed'),
  segmentsTotal: z.number().int(),
  segmentsHeard: z.number().int().describe('of the narrated chapters, in whatever voice'),
  seconds: seconds.describe('length of what is spoken'),
  position: storedPosition.optional(),
  createdAt: z.string(),
  report: z.object({
    format: z.string(),
    evidence: z.string(),
    chapters: z.number(),
    characters: z.number(),
    skipped: z.record(z.string(), z.number()),
    encoding: z.string().optional(),
    remarks: z.array(z.string()),
  }),
})

export const chapterListed = z.object({
  number: z.number().int(),
  ownNumber: z
    .number()
    .int()
    .optional()
    .describe('in the list of a novel: the number that the title says, in whatever script or words'),
  title: z.string(),
  part: z.string().optional(),
  matter: z.enum(['front', 'body', 'back']),
  characters: z.number().int(),
  narrated: z.boolean(),
  status: chapterStatus,
  segmentsDone: z.number().int().describe('0 until it is asked for, though others may share a sentence'),
  segmentsTotal: z.number().int(),
  segmentsHeard: z.number().int(),
  seconds: seconds.optional().describe('length of the audio, when all of it is spoken'),
})

const segment = z.object({
  index: z.number().int(),
  block: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
  spoken: z.string(),
  ready: z.boolean(),
  from: seconds.optional(),
  seconds: seconds.optional(),
  words: z
    .array(z.object({ start: z.number().int(), end: z.number().int(), from: seconds, to: seconds }))
    .optional(),
})

export const chapter = chapterListed.extend({
  voice: z.string().nullable(),
  speed: z.number(),
  blocks: z.array(
    z.object({
      index: z.number().int(),
      kind: z.enum(['heading', 'paragraph', 'verse', 'scene-break']),
      text: z.string(),
      readings: z
        .array(z.object({ start: z.number().int(), end: z.number().int(), said: z.string() }))
        .optional(),
    }),
  ),
  skips: z.array(
    z.object({
      block: z.number().int(),
      start: z.number().int(),
      end: z.number().int(),
      reason: z.enum(skipReasons),
      text: z.string().optional(),
    }),
  ),
  segments: z.array(segment),
  heard: z.array(heardRange),
})

export const timeline = z.object({
  voice: z.string(),
  speed: z.number(),
  seconds,
  complete: z.boolean(),
  segments: z.array(
    z.object({
      index: z.number().int(),
      from: seconds.optional().describe('known once all segments before it are spoken'),
      seconds: seconds.optional(),
      ready: z.boolean(),
    }),
  ),
})

export const novelPatch = z
  .strictObject({
    title: nonEmptyLine(500),
    author: z.string().max(500).trim(),
    voice: voiceId.nullable().describe('null: the best installed voice for the language'),
    speed,
  })
  .partial()
export const chapterPatch = z.strictObject({
  narrated: z.boolean().optional(),
  takeIn: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('index of a skip, whose text is spoken from now on; its chapter must not be being spoken'),
})
export const sampleRequest = z.strictObject({
  text: nonEmptyLine(500).optional(),
  speed: speed.optional(),
  language: z.string().max(20).optional(),
})

const generationOptions = {
  novelId,
  voice: voiceId.optional(),
  speed: speed.optional(),
  priority: priority.optional(),
}
export const generateChapter = z.strictObject({
  ...generationOptions,
  chapterNumber: z.number().int().min(1),
})
export const generateBatch = z.strictObject({
  ...generationOptions,
  chapterNumbers: z.array(z.number().int().min(1)).min(1).max(10_000),
})
export const generateAll = z.strictObject(generationOptions)

const accepted = { success: z.literal(true), message: z.string(), progressId: z.uuid() }
export const acceptedChapter = z.object({
  ...accepted,
  data: z.object({ novelId, chapterNumber: z.number().int(), status }),
})
export const acceptedChapters = z.object({
  ...accepted,
  data: z.object({ novelId, chapterNumbers: z.array(z.number().int()), status }),
})

export const progressChapter = z.object({
  chapterNumber: z.number().int(),
  title: z.string(),
  status,
  segmentsTotal: z.number().int(),
  segmentsDone: z.number().int(),
})
export const progress = z.object({
  id: z.uuid(),
  novelId,
  novelTitle: z.string(),
  voice: z.string(),
  speed: z.number(),
  priority: z.number().int(),
  status,
  segmentsTotal: z.number().int(),
  segmentsDone: z.number().int(),
  percent: z.number().min(0).max(100),
  secondsDone: seconds.describe('length of what is spoken'),
  etaSeconds: seconds.nullable().describe('null until there is something to judge by'),
  realTimeFactor: z.number().nullable().describe('seconds of speech per second of wall clock, lately'),
  waiting: z.string().nullable().describe('why nothing moves, when nothing moves: a full disk, say'),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  errorMessage: z.string().nullable(),
  failedSegments: z
    .array(
      z.object({
        chapterNumber: z.number().int(),
        index: z.number().int(),
        text: z.string(),
        attempts: z.number().int(),
        reason: z.string(),
      }),
    )
    .describe('the first 100'),
  chapters: z.array(progressChapter),
})
/** A generation in a list or an event: without chapters and failed segments. */
export const progressBrief = progress.omit({ chapters: true, failedSegments: true })

export const chapterProgress = z.object({
  novelId,
  chapterNumber: z.number().int(),
  title: z.string(),
  voice: z.string(),
  speed: z.number(),
  status: chapterStatus,
  segmentsTotal: z.number().int(),
  segmentsDone: z.number().int(),
  percent: z.number(),
  progressIds: z.array(z.uuid()).describe('the generations that ask for it'),
})

export const queue = z.object({
  success: z.literal(true),
  running: z.array(progressBrief),
  waiting: z.array(progressBrief),
  finished: z.array(progressBrief).describe('the latest first'),
  speakers: z.number().int(),
  waitingReason: z.string().nullable(),
})

/** A change of a segment's state; `waiting`: for its next attempt. */
export const segmentEvent = z.object({
  novelId,
  chapterNumber: z.number().int(),
  index: z.number().int(),
  voice: z.string(),
  speed: z.number(),
  state: z.enum(['speaking', 'spoken', 'waiting', 'set-aside']),
  seconds: seconds.optional(),
})

export type Novel = z.infer<typeof novel>
export type ChapterListed = z.infer<typeof chapterListed>
export type Chapter = z.infer<typeof chapter>
export type SegmentView = z.infer<typeof segment>
export type Timeline = z.infer<typeof timeline>
export type Progress = z.infer<typeof progress>
export type ProgressBrief = z.infer<typeof progressBrief>
export type Queue = z.infer<typeof queue>
export type Position = z.infer<typeof position>
export type SegmentEvent = z.infer<typeof segmentEvent>
export type FailureAnswer = z.infer<typeof failure>
export type AcceptedChapter = z.infer<typeof acceptedChapter>
export type AcceptedChapters = z.infer<typeof acceptedChapters>
