import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson } from '../src/accounts/account-links.ts'
import { createToken } from '../src/accounts/access-tokens.ts'
import { beginSession } from '../src/accounts/sessions.ts'
import type { Asking } from '../src/http/access/access-kinds.ts'
import { accessTo, kindOf, routeKinds } from '../src/http/access/route-access.ts'
import { buildServer } from '../src/http/http-server.ts'
import { AllowedHosts } from '../src/http/protocol/request-security.ts'
import { tokenScopes } from '../src/novel/access-token.ts'
import { type Person, roles } from '../src/novel/person.ts'
import { startApplication } from './program/in-process-application.ts'

// Who may ask what: every route that Fastify knows, as everybody that src/http/access/route-access.ts tells apart.

const here = await startApplication({ work: false, settings: { NIGHTJAR_AUTH: 'accounts' } })
afterAll(() => here[Symbol.asyncDispose]())
const { db } = here.application

/** `GET /api/novels/:id`, of a server that is built like the one that runs; `HEAD` comes with `GET`. */
async function knownRoutes(): Promise<string[]> {
  const app = await buildServer(here.application, {
    version: '0.0.0',
    uploadLimit: 1,
    allowedHosts: new AllowedHosts('127.0.0.1', []),
    basePath: '',
    audiobookshelf: {} as never,
    imports: {} as never,
  })
  await app.ready()
  const printed = app.printRoutes()
  await app.close()
  return routesIn(printed)
}

/** A tree of the parts that paths have in common, four columns a level, with the methods where one ends. */
function routesIn(printed: string): string[] {
  const parts: string[] = []
  return printed.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^(.*?)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line) ?? []
    const level = indent.length / 4
    parts.splice(level, parts.length, part)
    return methods
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD')
      .map((method) => `${method} ${parts.join('')}`)
  })
}

const routes = await knownRoutes()
const people = new Map<string, Person>()
const askedAs: readonly Asking[] = [
  'nobody',
  ...roles,
  ...tokenScopes.map((scope) => `token:${scope}` as const),
]

beforeAll(async () => {
  for (const role of ['admin', 'editor', 'listener'] as const) {
    people.set(role, await addPerson(db, { name: `the ${role}`, role }, async () => undefined))
  }
})

/** The headers by which a request is known as this one's. */
async function credentials(asking: Asking): Promise<Record<string, string>> {
  if (asking === 'nobody') return {}
  const person = people.get(asking)
  if (person) {
    const { secret } = await beginSession(db, person, { address: '', userAgent: '' })
    return { cookie: `nightjar=${secret}`, origin: new URL(here.api.address).origin }
  }
  const scope = tokenScopes.find((each) => `token:${each}` === asking)
  const { secret } = await createToken(db, { name: asking, scopes: scope ? [scope] : [] })
  return { authorization: `Bearer ${secret}` }
}

/** Codes with which somebody is turned away for who they are. */
const refusals = /^(account\.(signed-out|forbidden|no-token|setup)|token\.(unknown|scope))$/

/** Whether a request is let in; what becomes of it then is not looked at. */
async function isLetIn(route: string, headers: Record<string, string>): Promise<boolean> {
  const [method = '', pattern = ''] = route.split(' ')
  const url = pattern
    .replace('*', 'some')
    .replaceAll(/:(number|index|chapterNumber)\b/g, '1')
    .replaceAll(/:sha256\b/g, 'a'.repeat(64))
    .replaceAll(/:\w+/g, '01990000-0000-7000-8000-000000000000')
  const leaving = new AbortController()
  const response = await here.api.fetch(url, { method, headers, signal: leaving.signal })
  const isRefused =
    (response.status === 401 || response.status === 403) && refusals.test(codeIn(await response.text()))
  leaving.abort()
  return !isRefused
}

/** Also of the failures of `/v1`, which have OpenAI's shape. */
function codeIn(text: string): string {
  return /"code":"([\w.-]+)"/.exec(text)?.[1] ?? ''
}

test('every route has a line in the table, and every line is a route’s', () => {
  expect(routes.length).toBeGreaterThan(150)
  expect(routes.filter((route) => !routeKinds.has(route))).toEqual([])
  expect([...routeKinds.keys()].filter((route) => !routes.includes(route))).toEqual([])
})

test.for(askedAs)('as %s every route lets in or refuses as the table says', async (asking) => {
  let headers = await credentials(asking)
  const wrong: string[] = []
  for (const route of routes) {
    // Answers as long as somebody listens; its own test is in test/account-events.test.ts.
    if (route === 'GET /api/worker/events') continue
    const [method = '', url = ''] = route.split(' ')
    const { allowed } = accessTo(kindOf(method, url) ?? 'house')
    const expected = allowed.has(asking) || allowed.has('nobody')
    if ((await isLetIn(route, headers)) !== expected) wrong.push(`${route}: ${String(!expected)}`)
    if (route === 'POST /api/accounts/sign-out') headers = await credentials(asking)
  }
  expect(wrong).toEqual([])
})

test('nobody changes anything but by the ways in, a listener no book but their own, and no token an account of its own', () => {
  const allows = (asking: Asking) =>
    [...routeKinds]
      .filter(([route, kind]) => !route.startsWith('GET ') && accessTo(kind).allowed.has(asking))
      .map(([route]) => route)
  expect(allows('nobody').filter((route) => !route.includes(' /api/accounts/'))).toEqual([])
  expect(allows('token:read').filter((route) => !route.includes(' /api/accounts/'))).toEqual([])
  // What is kept is held by test/own-books.test.ts.
  for (const route of allows('listener').filter((each) => routeKinds.get(each) !== 'keeping')) {
    expect(route).toMatch(
      / \/(api\/(accounts|listener|removals)\/|v1\/|api\/novels\/:id\/(bookmarks|begun|feed|heard|listened|lexicon\/hear|position|settings)|api\/voices\/:id\/sample$)/,
    )
  }
  for (const scope of tokenScopes) {
    expect(allows(`token:${scope}`)).not.toContain('PUT /api/accounts/password')
    expect(allows(`token:${scope}`)).not.toContain('POST /api/accounts/tokens')
  }
})

test('no route takes a secret in its address but those of feeds, and the code with which a provider sends somebody back', async () => {
  const secret = /token|secret|password|key|code/i
  const inPaths = routes.filter(
    (route) => /:(\w+)/g.test(route) && secret.test(route.replaceAll(/\/[^:/]+/g, '')),
  )
  expect(inPaths.filter((route) => routeKinds.get(route) !== 'feed')).toEqual([])
  const { paths } = (await here.api.json('/api/openapi.json', {
    headers: await credentials('admin'),
  })) as { paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>> }
  const inQueries = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ parameters = [] }) =>
      parameters.flatMap(({ in: where, name }) =>
        where === 'query' && secret.test(name) ? [`${path}?${name}`] : [],
      ),
    ),
  )
  expect(Object.keys(paths).length).toBeGreaterThan(100)
  expect(inQueries).toEqual([])
})
