import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { jpegCover } from './fixtures/cover.ts'
import { buildEpub } from './fixtures/epub.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

/** What a process that has spoken with Heart leaves in a home folder that was empty. */
async function leftAtHome(environment: Readonly<Record<string, string>> = {}): Promise<string[]> {
  await using home = await temporaryFolder()
  const { PATH } = process.env
  const program = fileURLToPath(new URL('./program/speak-once-process.ts', import.meta.url))
  await promisify(execFile)(process.execPath, [program], {
    env: { PATH, HOME: home.path, USERPROFILE: home.path, TMPDIR: home.path, ...environment },
  })
  return readdir(home.path, { recursive: true })
}

test('a process that speaks with Heart leaves no device id behind, whatever its environment says', async () => {
  expect(await leftAtHome()).toEqual([])
  expect(await leftAtHome({ ORT_DISABLE_TELEMETRY: '0' })).toEqual([])
})

test('no process of a server leaves anything at home: not the reader, a speaker, an encoder, or an export', async () => {
  await using home = await temporaryFolder()
  await using data = await temporaryFolder()
  const book = await buildEpub({
    pages: [{ name: 'one.xhtml', body: '<h1>One</h1><p>The lamp was lit.</p>' }],
    manifest: '<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>',
    files: { 'OEBPS/cover.jpg': jpegCover },
  })
  {
    const folders = { HOME: home.path, USERPROFILE: home.path, TMPDIR: home.path }
    const others = { XDG_CACHE_HOME: '', XDG_CONFIG_HOME: '', XDG_DATA_HOME: '', ORT_DISABLE_TELEMETRY: '0' }
    await using server = await ServerProcess.start({
      data: data.path,
      speakers: 1,
      settings: { ...folders, ...others },
    })
    const { novel } = await server.add(book, 'book.epub')
    await server.finished(await server.generate(novel.id, undefined, { voice: 'hibari:heart' }))
    const path = `/api/novels/${novel.id}`
    for (const file of [
      'chapters/1/audio.mp3',
      'chapters/1/audio.opus',
      'book.m4b',
      'book.epub',
      'cover?width=100',
    ])
      await waitUntil(async () => {
        const answer = await server.fetch(`${path}/${file}`)
        await answer.arrayBuffer()
        expect([200, 202]).toContain(answer.status)
        return answer.status === 200
      })
    const speech = { input: 'Good evening.', voice: 'hibari:heart', response_format: 'mp3' }
    expect((await (await server.post('/v1/audio/speech', speech)).arrayBuffer()).byteLength).toBeGreaterThan(
      0,
    )
    expect(await server.stop()).toBe(0)
  }
  expect(await readdir(home.path, { recursive: true })).toEqual([])
})
