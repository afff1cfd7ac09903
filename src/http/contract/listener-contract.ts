import { z } from 'zod'

// Request and response schemas of what belongs to a listener. Every setting may be left out: the page has the defaults.

const reading = {
  typeface: z.enum(['serif', 'sans', 'legible']),
  size: z.number().min(10).max(48).describe('of the letters, in CSS pixels'),
  measure: z.number().min(20).max(120).describe('characters in a line'),
  lineHeight: z.number().min(1).max(3).describe('of the size'),
  margins: z.number().min(0).max(200).describe('on both sides, in CSS pixels'),
  theme: z.enum(['system', 'light', 'dark', 'sepia']),
  justified: z.boolean(),
}

const player = {
  rate: z.number().min(0.5).max(3).describe('speed of playing'),
  stepSeconds: z.number().int().min(1).max(120).describe('of a step back or on'),
  shortenSilences: z.boolean(),
  volume: z.number().min(0).max(1),
  keepAwake: z.boolean().describe('the screen, while reading along'),
}

const notify = { browser: z.boolean() }

const locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .describe('of the page, as a BCP 47 tag')

type Fields = Readonly<Record<string, z.ZodType>>

function group<Of extends Fields>(fields: Of) {
  return z.strictObject(fields).partial()
}

/** `null` removes a field, or all of the group. */
function groupPatch<Of extends Fields>(fields: Of) {
  const nullable = Object.entries(fields).map(([name, field]) => [name, field.nullable()])
  return z
    .strictObject(Object.fromEntries(nullable) as { [Name in keyof Of]: z.ZodNullable<Of[Name]> })
    .partial()
    .nullable()
}

export const listenerSettings = z
  .strictObject({ locale, reading: group(reading), player: group(player), notify: group(notify) })
  .partial()

export const listenerSettingsPatch = z
  .strictObject({
    locale: locale.nullable(),
    reading: groupPatch(reading),
    player: groupPatch(player),
    notify: groupPatch(notify),
  })
  .partial()

/** In one novel, before those for all. */
export const novelSettings = listenerSettings.pick({ player: true })

export const novelSettingsPatch = listenerSettingsPatch.pick({ player: true })

export type ListenerSettings = z.infer<typeof listenerSettings>
