import type { FastifyInstance, RouteOptions } from 'fastify'
import { z } from 'zod'
import { failure } from './contract.ts'

/** What a route answers with, by status. To the handler all of it is bytes, of which nothing is checked. */
type Answers = Record<number, z.ZodAny>

declare module 'fastify' {
  interface FastifySchema {
    /** The parts of a `multipart/form-data` body, as a JSON schema: they are streamed, not parsed before. */
    upload?: object
    /** Whether the request may have no body at all: @fastify/swagger takes each for required. */
    'x-optional-body'?: boolean
  }
}

const bytes = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: z.any() }]))

/** The answers of a route that sends bytes of these media types. */
export function sends(...types: readonly string[]): Answers {
  return asAnswers({ 200: { description: 'The file', content: bytes(types) } })
}

/** The same of one whose failures have another shape. */
export function sendsOr(failed: z.ZodType, ...types: readonly string[]): Answers {
  return asAnswers({ ...sends(...types), '4xx': failed, '5xx': failed })
}

/** The same of one that is asked for with `If-None-Match`, and perhaps `If-Match`. */
export function sendsTagged(...types: readonly string[]): Answers {
  return asAnswers({ ...sends(...types), 304: z.null().describe('Whoever asks has it already') })
}

/** The same of one that any range can be asked of. */
export function sendsRanges(...types: readonly string[]): Answers {
  const part = { description: 'The range that was asked for', content: bytes(types) }
  return asAnswers({ ...sendsTagged(...types), 206: part })
}

/** Fastify's type provider knows zod's types alone; documented are media types too. */
function asAnswers(told: Readonly<Record<string, unknown>>): Answers {
  return told as Answers
}

/** Every route can be asked wrongly and can fail: none has to say so. */
export function documentFailures(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (!route.schema || route.schema.hide) return
    const response = (route.schema.response ?? {}) as Record<string, unknown>
    route.schema = { ...route.schema, response: { '4xx': failure, '5xx': failure, ...response } }
  })
}
