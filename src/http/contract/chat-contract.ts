import { z } from 'zod'

// Request and response schemas of the language model's settings.

const chat = z.object({
  on: z.boolean().describe('whether it may be asked; passages of books are sent to it then'),
  setBy: z
    .enum(['page', 'environment', 'nobody'])
    .describe('environment: by NIGHTJAR_CHAT, as long as nobody has set anything on the page'),
  address: z.string().describe('of a chat server with OpenAI’s interface; empty: none'),
  model: z.string(),
  hasKey: z.boolean(),
  maxRequests: z.number().int().describe('that one book may cost'),
  maxTokens: z.number().int().describe('that one book may cost'),
})
export type ChatView = z.infer<typeof chat>

export const chatAnswer = z.object({ success: z.literal(true), chat })

export const chatPatch = z
  .strictObject({
    on: z.boolean(),
    address: z.string().max(500).describe('e.g. http://desk:11434/v1; another one drops the key'),
    model: z.string().max(200),
    key: z.string().min(1).max(500).nullable().describe('never told again; null: none'),
    maxRequests: z.number().int().min(1).max(1_000_000),
    maxTokens: z.number().int().min(1000).max(1_000_000_000),
  })
  .partial()

export const chatTrial = z.object({
  success: z.literal(true),
  answer: z.string().describe('what it said'),
  ms: z.number().int(),
})
