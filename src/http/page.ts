import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { Failure } from '../novel/failure.ts'
import { answer } from './failures.ts'
import type { Door } from './server.ts'

/** Serves the built page; every address that is not the API's and no file is the page's own affair. */
export async function servePage(app: Door, folder: string): Promise<void> {
  const index = await readFile(join(folder, 'index.html'))
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    // The names of built files hold their hashes.
    setHeaders: (response, path) => {
      const forever = path.includes('/assets/')
      response.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' && !request.url.startsWith('/api/') && accepts(request.headers.accept)
    if (!isPage) return answer(reply, new Failure('request.not-found'))
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(index)
  })
}

function accepts(accept: string | undefined): boolean {
  return accept === undefined || accept.includes('text/html') || accept.includes('*/*')
}
