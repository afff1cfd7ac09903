import { z } from 'zod'
import {
  novelId,
  chapterNumber,
  voiceId,
  speed,
  seconds,
  status,
  chapterStatus,
  said,
} from './field-contract.ts'

// Request and response schemas of what speaks a novel, and how far it is.

export const statusParams = z.object({ novelId, chapterNumber })

export const progressParams = z.object({ progressId: z.uuid() })

export const priority = z
  .number()
  .int()
  .min(-100)
  .max(100)
  .describe('higher is sooner, 0 is ordinary, and the most for what a listener asks')

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
  ahead: z
    .object({
      chapters: z.number().int().describe('so many are kept ahead'),
      planned: z.number().int().describe('chapters that it has now'),
      ready: z.number().int().describe('those of them that are whole'),
    })
    .nullable()
    .describe(
      'of a generation that goes along with whoever listens: its figures are of these chapters, not of the novel',
    ),
  waiting: z.string().nullable().describe('why nothing moves, when nothing moves: a full disk, say'),
  waitingSaid: said,
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  completedAt: z.string().nullable(),
  errorMessage: z.string().nullable(),
  errorSaid: said,
  failedSegments: z
    .array(
      z.object({
        chapterNumber: z.number().int(),
        index: z.number().int(),
        text: z.string(),
        attempts: z.number().int(),
        reason: z.string(),
        reasonSaid: said,
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

/** Where in the queue: next to another generation, or at an end. */
export const queueDestination = z.union([
  z.strictObject({ before: z.uuid().describe('the id of another generation') }),
  z.strictObject({ after: z.uuid().describe('the id of another generation') }),
  z.strictObject({ at: z.enum(['top', 'bottom']) }),
])

export const queueOrder = z.object({
  success: z.literal(true),
  order: z.array(z.uuid()).describe('the ids of all unfinished generations, in the order of their turn'),
})

export const queue = z.object({
  success: z.literal(true),
  running: z.array(progressBrief),
  waiting: z.array(progressBrief),
  order: z
    .array(z.uuid())
    .describe('the ids of `running` and `waiting` together, in the order of their turn'),
  finished: z.array(progressBrief).describe('the latest first'),
  speakers: z.number().int(),
  waitingReason: z.string().nullable(),
  waitingReasonSaid: said,
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

export type Progress = z.infer<typeof progress>

export type ProgressBrief = z.infer<typeof progressBrief>

export type Queue = z.infer<typeof queue>

export type SegmentEvent = z.infer<typeof segmentEvent>

export type AcceptedChapter = z.infer<typeof acceptedChapter>

export type AcceptedChapters = z.infer<typeof acceptedChapters>
