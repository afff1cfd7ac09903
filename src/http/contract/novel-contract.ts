import { z } from 'zod'
import { skipReasons } from '../../novel/novel.ts'
import {
  deviceId,
  nonEmptyLine,
  novelId,
  voiceId,
  speed,
  seconds,
  chapterStatus,
  pageQuery,
  soundQuery,
} from './field-contract.ts'
import { container, mark } from './book-layout-contract.ts'
import { heardRange } from './heard-contract.ts'
import { importReport } from './import-report-contract.ts'
import { ribbonPart, timeLeft } from './shelf-contract.ts'

// Request and response schemas of novels, their chapters and positions.

export const novelsQuery = pageQuery.extend({ search: z.string().max(200).optional() })

const position = z.object({
  chapterNumber: z.number().int().min(1),
  segment: z.number().int().min(0),
  seconds,
})

const device = z.object({ id: deviceId, name: z.string().max(100).describe('for people') })

export const positionRequest = position.extend({
  device: device.optional().describe('who saves it, so that others know that they did not'),
  agoSeconds: z
    .number()
    .min(0)
    .max(366 * 86_400)
    .optional()
    .describe('since it was listened to: more than 0 for what was kept while there was no network'),
})

export const storedPosition = position.extend({
  device: device.optional(),
  updatedAt: z.string().describe('when it was listened to'),
})

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
  finished: z.literal(true).optional().describe('all narrated chapters were heard'),
  seconds: seconds.describe('length of what is spoken'),
  position: storedPosition.optional(),
  left: timeLeft
    .optional()
    .describe(
      'to hear, from the position or else from the first chapter that was not heard; left out when all was',
    ),
  rate: z.number().optional().describe('speed of playing that the listener has set in this novel'),
  ribbon: z
    .array(ribbonPart)
    .optional()
    .describe(
      'in lists, of one that is spoken or heard in part: its narrated chapters, neighbours together if there are many',
    ),
  castLapsed: z
    .literal(true)
    .optional()
    .describe(
      'of one novel: chapters were made anew since its cast was applied, and are spoken by the narrator alone',
    ),
  speakNew: z
    .literal(true)
    .optional()
    .describe('chapters that another version adds are spoken by themselves'),
  offered: z
    .literal(true)
    .optional()
    .describe('of one novel: another version of it came and waits to be taken over'),
  kept: z.literal(true).optional().describe('who asks alone sees it'),
  mayKeep: z.literal(true).optional().describe('of one novel: who asks may keep it to themselves'),
  createdAt: z.string(),
  report: importReport,
})

export const deletionQuery = z.object({
  forever: z
    .enum(['true', 'false'])
    .default('false')
    .describe('delete at once what is on the shelf or in the trash'),
})

export const trashList = z.object({
  success: z.literal(true),
  novels: z.array(
    novel.pick({ id: true, title: true, author: true, language: true, chapterCount: true }).extend({
      bytes: z.number().describe('about the room of its audio, of which others may share some'),
      deletedAt: z.string(),
      goneAt: z.string().describe('when it is deleted for good'),
    }),
  ),
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
  finished: z.literal(true).optional().describe('as good as all of it was heard'),
  seconds: seconds.optional().describe('length of the audio, when all of it is spoken'),
})

export const novelWithChapters = z.object({
  success: z.literal(true),
  novel,
  chapters: z.array(chapterListed),
})

const wordTimes = z
  .literal('estimated')
  .optional()
  .describe('its voice tells no times of words: they are estimated from the sound')

const segment = z.object({
  index: z.number().int(),
  block: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
  spoken: z.string(),
  ready: z.boolean(),
  from: seconds.optional(),
  seconds: seconds.optional(),
  wordTimes,
  words: z
    .array(z.object({ start: z.number().int(), end: z.number().int(), from: seconds, to: seconds }))
    .optional(),
})

/** When words of a segment are heard: seconds since the segment began. */
export const spokenWords = z.object({
  index: z.number().int(),
  wordTimes,
  words: z.array(z.object({ start: z.number().int(), end: z.number().int(), from: seconds, to: seconds })),
})

export const wordsQuery = soundQuery.extend({
  from: z.coerce.number().int().min(0).default(0).describe('index of the first segment'),
  limit: z.coerce.number().int().min(1).max(200).default(100).describe('how many segments'),
})

export const chapterQuery = soundQuery.extend({
  words: z
    .enum(['true', 'false'])
    .default('true')
    .describe('whether the times of words come along; they are nine tenths of a long chapter'),
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
      marks: z
        .array(mark)
        .optional()
        .describe('how the book sets parts of the text; one may enclose another'),
      within: z
        .array(container)
        .optional()
        .describe('what the block stands in, outermost first: neighbours with the same id stand in the same'),
      anchor: z.number().int().optional().describe('by which links of the book lead to it'),
      lang: z.string().optional().describe('BCP 47, if it is in another language than the novel'),
    }),
  ),
  skips: z.array(
    z.object({
      block: z.number().int(),
      start: z.number().int(),
      end: z.number().int(),
      reason: z.enum(skipReasons),
      text: z.string().optional(),
      note: z.string().optional().describe('of a note reference: the words of the note'),
      image: z
        .object({ name: z.string(), width: z.number().int(), height: z.number().int() })
        .optional()
        .describe('of an image that the book has, in pixels: /api/novels/:id/chapters/:number/images/:name'),
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
      pause: seconds.optional().describe('silence between its last word and the next segment’s first'),
      wordTimes,
    }),
  ),
})

export const novelPatch = z
  .strictObject({
    title: nonEmptyLine(500),
    author: z.string().max(500).trim(),
    voice: voiceId.nullable().describe('null: the best installed voice for the language'),
    speed,
    speakNew: z.boolean().describe('whether chapters that another version adds are spoken by themselves'),
    kept: z
      .boolean()
      .describe(
        'true: who asks alone sees it; they have added it, or it is not known who has and they are an admin',
      ),
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
    .describe('index of a skip, whose text is spoken from now on'),
})

export type Novel = z.infer<typeof novel>

export type TrashedNovel = z.infer<typeof trashList>['novels'][number]

export type ChapterListed = z.infer<typeof chapterListed>

export type Chapter = z.infer<typeof chapter>

export type SegmentView = z.infer<typeof segment>

export type Timeline = z.infer<typeof timeline>

export type Position = z.infer<typeof position>

export type PositionRequest = z.infer<typeof positionRequest>

export type StoredPosition = z.infer<typeof storedPosition>

export type SpokenWordsView = z.infer<typeof spokenWords>
