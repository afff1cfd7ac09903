import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addPerson } from '../../src/accounts/account-links.ts'
import { beginSession } from '../../src/accounts/sessions.ts'
import { type Role, roles } from '../../src/novel/person.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { buildEpub } from '../fixtures/epub.ts'
import type { Api } from '../program/api-client.ts'
import { maySkip } from '../program/skip-policy.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const isThere = spawnSync('schemathesis', ['--version']).status === 0

/**
 * Statuses that are valid beyond the document: a JSON schema cannot express exclusive fields, parseable addresses or the
 * bytes of a book. Such requests are 422 or, depending on the body, 415. 502 comes from other servers.
 */
const config = `
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "403", "404", "409", "415", "422", "429", "431", "502"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "415", "422", "428", "429", "431", "5xx"]
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502"]
# Programs made for OpenAI's server know 400 for a text without a letter.
[[operations]]
include-name = "POST /v1/audio/speech"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404", "422", "429"]
`

/** What schemathesis says of an API. `headers`: of somebody who may see its document. */
async function told(
  folder: string,
  api: Api,
  more: readonly string[],
  headers: Record<string, string> = {},
): Promise<string> {
  const file = join(folder, 'schemathesis.toml')
  await writeFile(file, config)
  const document = join(folder, 'openapi.json')
  await writeFile(document, JSON.stringify(await api.json('/api/openapi.json', { headers })))
  const { address } = api
  const asked = spawn(
    'schemathesis',
    [
      ['--config-file', file, 'run', document, '--url', address],
      // The event stream never ends.
      ['--exclude-path', '/api/worker/events', '--continue-on-failure', '--seed', '7'],
      // Not a measurement: the machine may be busy.
      ['--request-timeout', '120', '--max-response-time', '120'],
      ['--no-color', '--warnings', 'off', ...more],
    ].flat(),
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [asked.stdout, asked.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const [code] = (await once(asked, 'close')) as [number]
  return `${said.slice(-20_000)}\nended with ${code}`
}

test.skipIf(maySkip(isThere))(
  'the API answers whatever its document allows, and nothing else (needs schemathesis: pip install schemathesis)',
  async () => {
    await using folder = await temporaryFolder()
    const voices = join(folder.path, 'voices')
    await mkdir(voices)
    // No voices are requested over the network.
    await using here = await startApplication({ settings: { NIGHTJAR_VOICE_SOURCE: voices } })
    const book = await buildEpub({
      pages: [1, 2].map((n) => ({
        name: `${n}.xhtml`,
        body: `<h1>Chapter ${n}</h1><p>The lamp ${n} was lit.</p>`,
      })),
      nav: '<ol><li><a href="1.xhtml">Chapter 1</a></li><li><a href="2.xhtml">Chapter 2</a></li></ol>',
    })
    const { novel } = await here.api.add(book, 'small.epub')
    await here.api.finished(await here.api.generate(novel.id))
    expect(
      await told(
        folder.path,
        here.api,
        [
          ['--checks', 'all'],
          ['--phases', 'examples,coverage,fuzzing', '--max-examples', '10'],
        ].flat(),
      ),
    ).toContain('No issues found')
  },
)

/** Of the session of somebody new. */
async function cookieOf(db: Database, role: Role, name: string): Promise<string> {
  const person = await addPerson(db, { name, role }, async () => undefined)
  const { secret } = await beginSession(db, person, { address: '', userAgent: '' })
  return `nightjar=${secret}`
}

const leavesSignedIn = [
  '--exclude-path',
  '/api/accounts/sign-out',
  '--exclude-path',
  '/api/accounts/password',
]

/** Checks that hold whoever asks: somebody who may not do a thing is refused whatever they send. */
const checks =
  'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance'

test.skipIf(maySkip(isThere))(
  'the API answers by its document whoever asks: nobody, and each role (needs schemathesis)',
  async () => {
    for (const role of [undefined, ...roles]) {
      await using folder = await temporaryFolder()
      const voices = join(folder.path, 'voices')
      await mkdir(voices)
      const settings = { NIGHTJAR_VOICE_SOURCE: voices, NIGHTJAR_AUTH: 'accounts' }
      await using here = await startApplication({ settings })
      const { db } = here.application
      const admin = await cookieOf(db, 'admin', 'the first')
      const cookie = role && (await cookieOf(db, role, `another ${role}`))
      const more = ['--checks', checks, '--phases', 'examples,fuzzing', '--max-examples', '3']
      // What ends the session is left to test/route-access.test.ts.
      const asking = cookie === undefined ? [] : ['--header', `Cookie: ${cookie}`, ...leavesSignedIn]
      const said = await told(folder.path, here.api, [...more, ...asking], { cookie: admin })
      expect(said, role ?? 'nobody').toContain('No issues found')
      // All of that was asked as this role.
      const { status } = await here.api.fetch('/api/novels', { headers: cookie ? { cookie } : {} })
      expect(status).toBe(cookie ? 200 : 401)
    }
  },
)
