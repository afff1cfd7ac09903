import type { FastifyInstance, RouteOptions } from 'fastify'
import { z } from 'zod'
import { failure } from './contract.ts'

/** What a route answers with, by status. To the handler all of it is bytes, of which nothing is checked. */
type ResponseSchemas = Record<number, z.ZodAny>

declare module 'fastify' {
  interface FastifySchema {
    /** The parts of a `multipart/form-data` body, as a JSON schema: they are streamed, not parsed before. */
    upload?: object
    /** Whether the request may have no body at all: @fastify/swagger takes each for required. */
    'x-optional-body'?: boolean
  }
}

const mediaTypes = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: z.any() }]))

/** The answers of a route that sends bytes of these media types. */
export function fileResponse(...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({ 200: { description: 'The file', content: mediaTypes(types) } })
}

/** The same of one whose failures have another shape. */
export function fileResponseOr(failed: z.ZodType, ...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({ ...fileResponse(...types), '4xx': failed, '5xx': failed })
}

/** The same of one that is asked for with `If-None-Match`, and perhaps `If-Match`. */
export function taggedFileResponse(...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({ ...fileResponse(...types), 304: z.null().describe('Whoever asks has it already') })
}

/** The same of one that any range can be asked of. */
export function rangeFileResponse(...types: readonly string[]): ResponseSchemas {
  const part = { description: 'The range that was asked for', content: mediaTypes(types) }
  return asResponseSchemas({ ...taggedFileResponse(...types), 206: part })
}

/** Fastify's type provider knows zod's types alone; documented are media types too. */
function asResponseSchemas(told: Readonly<Record<string, unknown>>): ResponseSchemas {
  return told as ResponseSchemas
}

/** Every route can be asked wrongly and can fail: none has to say so. */
export function documentFailureResponses(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (!route.schema || route.schema.hide) return
    const response = (route.schema.response ?? {}) as Record<string, unknown>
    route.schema = { ...route.schema, response: { '4xx': failure, '5xx': failure, ...response } }
  })
}
