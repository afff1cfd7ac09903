import { cpSync, readFileSync, statSync } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { speakNovel, surviveDamage } from './damage/damage-run.ts'
import { allowAnyColumnType, corruptColumns } from './fixtures/corrupt-clips.ts'
import { longStory } from './fixtures/long-story.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// Pages of both files are overwritten. `test/long/damage.test.ts` does it fifty times.

const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const spoken = await speakNovel(join(folder.path, 'data'))

test.each([
  [['clips.db'], 1],
  [['clips.db'], 2],
  [['nightjar.db', 'clips.db'], 4],
] as const)('%j damaged at random (seed %i): it works or is told in a sentence', async (files, seed) => {
  expect(['refused', 'told', 'whole']).toContain(await surviveDamage(spoken, files, seed))
})

/** A copy of the spoken folder, gone with the test. */
async function copied(): Promise<AsyncDisposable & { readonly path: string }> {
  const copy = await temporaryFolder()
  cpSync(spoken.data, copy.path, { recursive: true })
  return copy
}

/** The pages of a table or an index, by the kind of page: `internal`, `leaf`, `overflow`. */
function pagesOf(file: string, name: string, kind: string): number[] {
  const sqlite = new DatabaseSync(file, { readOnly: true })
  const rows = sqlite.prepare('SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ?').all(name, kind)
  sqlite.close()
  return rows.map(({ pageno }) => Number(pageno))
}

async function overwrite(file: string, page: number): Promise<void> {
  await using handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096)
}

const audioOf = (chapter: number) =>
  `/api/novels/${spoken.novelId}/chapters/${chapter}/audio.m4a?voice=odd:hum`

test.each([
  ['a leaf of the table', 'clips', 'leaf', 60],
  ['the root of the table', 'clips', 'internal', 1000],
  ['the end of a clip', 'clips', 'overflow', 1],
  ['a leaf of an index', 'clipsByKey', 'leaf', 0],
] as const)(
  'with %s of clips.db overwritten every chapter is heard as before, and only what was lost is spoken again',
  async (_, name, kind, most) => {
    await using copy = await copied()
    const file = join(copy.path, 'clips.db')
    const [page] = pagesOf(file, name, kind)
    await overwrite(file, page!)
    await using server = await ServerProcess.start({ data: copy.path, speakers: 1, program: [program] })
    for (const [at, bytes] of spoken.chapters.entries()) {
      await waitUntil(async () => {
        const response = await server.fetch(audioOf(at + 1))
        expect([200, 404, 409, 503]).toContain(response.status)
        const heard = await response.bytes().catch(() => new Uint8Array())
        return response.status === 200 && bytes.equals(heard)
      })
    }
    await waitUntil(async () => (await server.fetch('/api/health')).status === 200)
    expect(server.handedOut.length).toBeLessThanOrEqual(most)
  },
)

test.each(corruptColumns)('a clip with %s is spoken again', async (change) => {
  await using copy = await copied()
  const sqlite = allowAnyColumnType(join(copy.path, 'clips.db'))
  sqlite.exec(`UPDATE clips SET ${change} WHERE id = (SELECT max(id) FROM clips)`)
  sqlite.close()
  await using here = await startApplication({ data: copy.path })
  const book = await here.api.fetch(`/api/novels/${spoken.novelId}/book.m4b?voice=odd:hum`)
  await book.bytes().catch(() => undefined)
  for (const [at, bytes] of spoken.chapters.entries()) {
    await waitUntil(async () => {
      const response = await here.api.fetch(audioOf(at + 1))
      expect([200, 404, 409]).toContain(response.status)
      const heard = await response.bytes().catch(() => new Uint8Array())
      return response.status === 200 && bytes.equals(heard)
    })
  }
})

test('killed in its salvage, clips.db is salvaged by the next start', async () => {
  await using copy = await copied()
  const file = join(copy.path, 'clips.db')
  await overwrite(file, pagesOf(file, 'clipsByKey', 'leaf')[0]!)
  {
    await using server = await ServerProcess.start({ data: copy.path, speakers: 1, program: [program] })
    for (const [at] of spoken.chapters.entries()) await server.fetch(audioOf(at + 1))
    await server.kill()
  }
  await using server = await ServerProcess.start({ data: copy.path, speakers: 1, program: [program] })
  await waitUntil(async () => (await server.fetch('/api/health')).status === 200)
  expect(server.handedOut).toEqual([])
  const heard = await (await server.fetch(audioOf(4))).bytes()
  expect(spoken.chapters[3]!.equals(heard)).toBe(true)
  expect((await readdir(copy.path)).filter((name) => name.includes('salvage'))).toEqual([])
})

test('a damaged nightjar.db stops the start with one sentence, and is left as it is', async () => {
  await using copy = await copied()
  const file = join(copy.path, 'nightjar.db')
  // A page that no start would read by itself.
  await overwrite(file, pagesOf(file, 'segmentsByWords', 'leaf')[0]!)
  const before = readFileSync(file)
  const { code, err } = await Command.run(['serve'], copy.path)
  expect(code).toBe(1)
  expect(err).toMatch(
    /^nightjar\.db in \S+ is damaged \(.*\); it is left as it is\. Put the last backup back .*\n$/,
  )
  expect(readFileSync(file).equals(before)).toBe(true)
  // The books are in their sources, and what was spoken is in clips.db.
  const restored = await Command.run(['restore', '--from-sources'], copy.path)
  expect(restored.code).toBe(0)
  const [aside] = (await readdir(copy.path)).filter((name) => /^nightjar\.db\.damaged-\S+Z$/.test(name))
  expect(readFileSync(join(copy.path, aside!)).equals(before)).toBe(true)
  await using here = await startApplication({ data: copy.path })
  const heard = await (await here.api.fetch(audioOf(2))).bytes()
  expect(spoken.chapters[1]!.equals(heard)).toBe(true)
})

test('a nightjar.db that is damaged while it runs is never written to again: health and uploads say so', async () => {
  await using copy = await copied()
  const file = join(copy.path, 'nightjar.db')
  await using here = await startApplication({ data: copy.path })
  // Behind its back, where nothing of it is in memory yet.
  const pages = [...pagesOf(file, 'chapterTexts', 'leaf'), ...pagesOf(file, 'chapterTexts', 'overflow')]
  for (const page of pages) await overwrite(file, page)
  const { size } = statSync(file)
  const chapter = await here.api.fetch(`/api/novels/${spoken.novelId}/chapters/2`)
  expect(await chapter.json()).toMatchObject({ code: 'storage.damaged' })
  expect(chapter.status).toBe(503)
  const health = await here.api.fetch('/api/health')
  expect(health.status).toBe(503)
  expect(await health.json()).toMatchObject({
    success: false,
    code: 'storage.damaged',
    error: expect.stringContaining('nightjar restore'),
    database: { ok: false },
    problems: [{ code: 'storage.damaged' }],
  })
  const upload = await here.api.upload(longStory(1, 3), 'other.txt')
  expect([upload.status, (await upload.json()) as object]).toEqual([
    503,
    expect.objectContaining({ code: 'storage.damaged' }),
  ])
  // What can still be read can still be heard.
  const heard = await (await here.api.fetch(audioOf(3))).bytes()
  expect(spoken.chapters[2]!.equals(heard)).toBe(true)
  await here[Symbol.asyncDispose]()
  expect(statSync(file).size).toBe(size)
})

test('a text of nightjar.db that is overwritten within its page is told in a sentence', async () => {
  await using copy = await copied()
  const sqlite = new DatabaseSync(join(copy.path, 'nightjar.db'))
  sqlite.exec("UPDATE chapterTexts SET blocks = replace(blocks, '[{', '[\u0001')")
  sqlite.close()
  await using here = await startApplication({ data: copy.path })
  const chapter = await here.api.fetch(`/api/novels/${spoken.novelId}/chapters/2`)
  expect([chapter.status, await chapter.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'storage.damaged' }),
  ])
})
