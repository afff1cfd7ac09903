import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifySchema } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { ApiServer } from './door.ts'

/** `/api/openapi.json`, made from the contract's schemas, and a page for people at `/api/docs`. */
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
        { name: 'health', description: 'How the server is' },
      ],
    },
    transformObject: (told) => {
      if ('openapiObject' in told) markOptionalBodies(told.openapiObject as OpenApiDocument)
      return 'openapiObject' in told ? told.openapiObject : {}
    },
    transform: (told) => {
      const { schema, url } = jsonSchemaTransform(told)
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

/** Its paths are those of a server at the root; behind a proxy it lies elsewhere. */
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
