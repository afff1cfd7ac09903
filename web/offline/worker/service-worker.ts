import { type PageFile, PageFiles } from './page-files.ts'
import { KeptFiles } from './kept-files.ts'
import type { FetchEvent, WorkerScope } from './worker-scope.ts'

declare const self: { readonly pageFiles: readonly PageFile[] }

const worker = globalThis as unknown as WorkerScope
const { scope } = worker.registration
const page = new PageFiles(scope, self.pageFiles)
const kept = new KeptFiles(new URL(scope).pathname.replace(/\/$/, ''))

/** What is answered by the server alone, below the scope. */
const served = /^(?:api|assets|feeds|livez|metrics|opds|readyz|v1)(?:[/?]|$)|\.\w+$/

worker.addEventListener('install', (event) => event.waitUntil(page.install()))

worker.addEventListener('activate', (event) =>
  event.waitUntil(Promise.all([page.sweep(), worker.clients.claim()])),
)

worker.addEventListener('fetch', (event) => {
  const answer = answerOf(event)
  if (answer) event.respondWith(answer)
})

// A page asks by its own script whether it is of this version.
worker.addEventListener('message', ({ data, ports: [port] }) =>
  port?.postMessage(typeof data === 'string' && page.has(data)),
)

/** `undefined`: the browser asks the server as if there were no worker. */
function answerOf({ request }: FetchEvent): Promise<Response> | undefined {
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return undefined
  if (request.mode === 'navigate') {
    const path = new URL(request.url).pathname.slice(new URL(scope).pathname.length)
    return served.test(path) ? undefined : page.page(request)
  }
  const isFile = page.has(request.url) || request.url.startsWith(`${scope}assets/`)
  return isFile ? page.file(request) : kept.answer(request)
}
