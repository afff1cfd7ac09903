import { z } from 'zod'
import { trialEvent, webhookEvents } from '../../novel/webhook.ts'
import { pageQuery, said } from './field-contract.ts'

// Request and response schemas of webhooks and of the log of what was sent to them.

const address = z
  .url({ protocol: /^https?$/, error: 'it is not an address that begins with http:// or https://' })
  .max(2000)
  .describe('http or https; a name and password in it are sent and never shown')

const events = z
  .array(z.enum(webhookEvents))
  .min(1)
  .max(webhookEvents.length)
  .describe('what it is told of; left out: everything')

export const webhookParams = z.object({ id: z.uuid() })
export const deliveryParams = webhookParams.extend({ deliveryId: z.uuid() })
export const deliveriesQuery = pageQuery.extend({
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const webhookPost = z.strictObject({ url: address, events: events.default([...webhookEvents]) })
export const webhookPatch = z.strictObject({ url: address, events, active: z.boolean() }).partial()

const webhook = z.object({
  id: z.uuid(),
  url: z.string().describe('without a name and password'),
  hasCredentials: z.boolean(),
  events: z.array(z.enum(webhookEvents)),
  active: z.boolean(),
  switchedOff: z.string().nullable().describe('why, if nobody did it'),
  switchedOffSaid: said,
  createdAt: z.string(),
})

export const oneWebhook = z.object({ success: z.literal(true), webhook })
export const webhookList = z.object({ success: z.literal(true), webhooks: z.array(webhook) })
export const webhookWithSecret = oneWebhook.extend({
  secret: z.string().describe('`whsec_` and a key in base64, by which events are signed; shown this once'),
})

const delivery = z.object({
  id: z.uuid(),
  eventId: z.string().describe('header `webhook-id`; the same for each attempt'),
  type: z.enum([...webhookEvents, trialEvent]),
  status: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.number().int(),
  createdAt: z.string(),
  nextAt: z.string().nullable().describe('of the next attempt'),
  lastAttemptAt: z.string().nullable(),
  responseStatus: z.number().int().nullable(),
  error: z.string().nullable().describe('why the last attempt failed'),
  errorSaid: said,
  durationMs: z.number().int().nullable(),
  body: z.unknown().describe('what is sent'),
})

export const oneDelivery = z.object({ success: z.literal(true), delivery })
export const deliveryList = z.object({ success: z.literal(true), deliveries: z.array(delivery) })

export type WebhookView = z.infer<typeof webhook>
export type DeliveryView = z.infer<typeof delivery>
