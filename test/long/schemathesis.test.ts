import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
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
expected-statuses = ["2xx", "3xx", "403", "404", "409", "415", "422", "429", "502"]
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502"]
# Programs made for OpenAI's server know 400 for a text without a letter.
[[operations]]
include-name = "POST /v1/audio/speech"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "404", "422", "429"]
`

test.skipIf(maySkip(isThere))(
  'the API answers whatever its document allows, and nothing else (needs schemathesis: pip install schemathesis)',
  async () => {
    await using folder = await temporaryFolder()
    const voices = join(folder.path, 'voices')
    await mkdir(voices)
    const file = join(folder.path, 'schemathesis.toml')
    await writeFile(file, config)
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
    const asked = spawn(
      'schemathesis',
      [
        ['--config-file', file, 'run', `${here.api.address}/api/openapi.json`],
        // The event stream never ends.
        ['--exclude-path', '/api/worker/events'],
        ['--phases', 'examples,coverage,fuzzing', '--checks', 'all', '--max-examples', '20'],
        [
          '--continue-on-failure',
          '--request-timeout',
          '120',
          // Not a measurement: the machine may be busy.
          '--max-response-time',
          '120',
          '--seed',
          '7',
          '--no-color',
          '--warnings',
          'off',
        ],
      ].flat(),
      { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let told = ''
    for (const stream of [asked.stdout, asked.stderr]) stream.on('data', (chunk) => (told += String(chunk)))
    const [code] = (await once(asked, 'close')) as [number]
    expect(told.slice(-20_000)).toContain('No issues found')
    expect(code).toBe(0)
  },
)
