import { z } from 'zod'
import { seconds } from './field-contract.ts'

// What lists of novels show of each: what is left to hear, and its ribbon.

export const timeLeft = z.object({
  chapterNumber: z.number().int().describe('where listening goes on'),
  chapterSeconds: seconds.describe('left of that chapter, at speed 1'),
  seconds: seconds.describe('of it and of the narrated ones after it'),
  about: z.boolean().describe('some of it is not spoken yet, and counted by its characters'),
  pace: z.number().describe('characters a second by which that counts'),
})

export const ribbonPart = z.object({
  chapterNumber: z.number().int().describe('of the first of its chapters'),
  chapters: z.number().int().describe('how many narrated ones stand in it'),
  complete: z.number().int().describe('how many of them are spoken to the end'),
  segments: z.number().int(),
  done: z.number().int(),
  setAside: z.number().int(),
  heard: z.number().int(),
})
export type RibbonPart = z.infer<typeof ribbonPart>
