import { z } from 'zod'
import { novelId, seconds } from './field-contract.ts'

// Request and response schemas of the time that was listened, by day and novel.

const day = z.iso.date().describe('in the listener’s time zone')
/** An hour is added to one of the days when summer time ends. */
const secondsOfDay = z
  .number()
  .min(0)
  .max(25 * 3600)
/** Nothing is played faster. */
const fastest = 4

export const listenedRequest = z.strictObject({
  day,
  sitting: z
    .string()
    .min(1)
    .max(64)
    .describe('an id made for each time that a page is opened; its totals of the day so far are reported'),
  wallSeconds: secondsOfDay.describe('of the clock'),
  audioSeconds: z
    .number()
    .min(0)
    .max(25 * 3600 * fastest)
    .describe('of the audio'),
})

export const hoursQuery = z.object({ first: day.optional(), last: day.optional() })

const listened = z.object({ novelId, wallSeconds: seconds, audioSeconds: seconds })

export const listeningDay = listened.extend({ day: z.string() })

export const listenedNovel = listened.extend({
  title: z.string(),
  author: z.string(),
  language: z.string(),
  days: z.number().int().describe('on which it was listened to'),
  lastDay: z.string(),
})

export type ListeningDayView = z.infer<typeof listeningDay>
export type ListenedNovelView = z.infer<typeof listenedNovel>
