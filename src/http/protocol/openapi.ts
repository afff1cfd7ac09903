import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'

/** Documented responses by status. For the type provider all are `any`: bytes are not validated. */
type ResponseSchemas = Record<number, z.ZodAny>

declare module 'fastify' {
  interface FastifySchema {
    /** JSON schema of a `multipart/form-data` body, for documentation only: the parts are streamed. */
    upload?: object
    /** Whether the body may be missing: @fastify/swagger documents every body as required. */
    'x-optional-body'?: boolean
  }
}

const mediaTypes = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { schema: z.any() }]))

/** Responses of a route that sends a file of these media types. */
export function fileResponse(...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({ 200: { description: 'The file', content: mediaTypes(types) } })
}

/** The same, with another schema for failures. */
export function fileResponseOr(failed: z.ZodType, ...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({ ...fileResponse(...types), '4xx': failed, '5xx': failed })
}

/** The same, for a route with an ETag that supports `If-None-Match`. */
export function taggedFileResponse(...types: readonly string[]): ResponseSchemas {
  return asResponseSchemas({
    ...fileResponse(...types),
    304: z.null().describe('Whoever asks has it already'),
  })
}

/** The same, for a route that supports Range requests. */
export function rangeFileResponse(...types: readonly string[]): ResponseSchemas {
  const part = { description: 'The range that was asked for', content: mediaTypes(types) }
  return asResponseSchemas({ ...taggedFileResponse(...types), 206: part })
}

/** Fastify's type provider accepts zod types only, but media types are documented too. */
function asResponseSchemas(responses: Readonly<Record<string, unknown>>): ResponseSchemas {
  return responses as ResponseSchemas
}

/** Adds the 4xx and 5xx failure responses to every documented route. */
export function documentFailureResponses(app: FastifyInstance): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    if (!route.schema || route.schema.hide) return
    const response = (route.schema.response ?? {}) as Record<string, unknown>
    route.schema = { ...route.schema, response: { '4xx': failure, '5xx': failure, ...response } }
  })
}

/** Serves `/api/openapi.json`, generated from the routes' schemas, and Swagger UI at `/api/docs`. */
export async function registerOpenApi(app: ApiServer, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Nightjar',
        version,
        description:
          'Hand it a novel; it is spoken in the background. Failures are {success: false, code, error}, and the error says what to do.',
        license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' },
      },
      tags: [
        { name: 'novels', description: 'The shelf' },
        { name: 'generation', description: 'Asking for audio, and how far it is' },
        { name: 'listening', description: 'Hearing what is spoken' },
        { name: 'exports', description: 'Taking a novel along' },
        { name: 'feeds', description: 'For podcast apps, reading apps and other servers' },
        { name: 'voices', description: 'Who can speak' },
        { name: 'speech', description: 'For other programs, in the manner of OpenAI’s server' },
        { name: 'machines', description: 'Other machines that speak for this one' },
        { name: 'accounts', description: 'Who may come in' },
        { name: 'health', description: 'How the server is' },
      ],
    },
    transformObject: (input) => {
      if ('openapiObject' in input) markOptionalBodies(input.openapiObject as OpenApiDocument)
      return 'openapiObject' in input ? input.openapiObject : {}
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route)
      const { upload, ...rest }: FastifySchema = schema
      return { url, schema: upload ? { ...rest, body: upload } : rest }
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    transformSpecificationClone: false,
    transformSpecification: (document, { basePath }) => ({ ...document, ...serversBelow(basePath) }),
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, ({ basePath }) => ({
    ...app.swagger(),
    ...serversBelow(basePath),
  }))
}

/** The documented paths are relative to the root; behind a proxy the base path is their server URL. */
function serversBelow(basePath: string): { readonly servers?: readonly { readonly url: string }[] } {
  return basePath === '' ? {} : { servers: [{ url: basePath }] }
}

interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  requestBody?: { required?: boolean }
  'x-optional-body'?: boolean
}

function markOptionalBodies({ paths = {} }: OpenApiDocument): void {
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    if (operation['x-optional-body'] && operation.requestBody) operation.requestBody.required = false
    delete operation['x-optional-body']
  }
}
