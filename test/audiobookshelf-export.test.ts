import { once } from 'node:events'
import { type FSWatcher, watch } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import type { Voice } from '../src/http/contract/voice-contract.ts'
import type { audiobookshelf } from '../src/http/contract/export-contract.ts'
import { audiobookshelfFailure } from '../src/exports/audiobookshelf/audiobookshelf-folder.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { onPostgres, storageSettings } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

type State = z.infer<typeof audiobookshelf>

const png = Buffer.from('89504e470d0a1a0a', 'hex')
const book = (more = '') =>
  buildEpub({
    pages: [
      { name: 'one.xhtml', body: '<h1>Who: he?</h1><p>The lamp was lit.</p>' },
      { name: 'two.xhtml', body: `<h1>A/B</h1><p>In the morning it had gone out.${more}</p>` },
    ],
    nav: '<ol><li><a href="one.xhtml">Who: he?</a></li><li><a href="two.xhtml">A/B</a></li></ol>',
    metadata: `<dc:title>Salt: a tale</dc:title><dc:creator>Anna Bell</dc:creator><dc:language>en</dc:language>
      <dc:description>What the sea gives.</dc:description><dc:date>1895-05-07</dc:date>
      <meta name="calibre:series" content="The Sea"/><meta name="calibre:series_index" content="2.0"/>`,
    manifest: '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>',
    files: { 'OEBPS/cover.png': png },
  })
const place = 'Anna Bell/The Sea/02 - Salt a tale'
const sound = ['01 - Who he.m4a', '02 - A B.m4a']

const stateOf = (api: Api, id: string) => api.json<State>(`/api/novels/${id}/audiobookshelf`)
const becomes = (api: Api, id: string, state: State['state']) =>
  waitUntil(async () => (await stateOf(api, id)).state === state)
/** An application that exports to `folder`, which may be missing. */
const applicationWith = (folder: string, data: string) =>
  startApplication({ data, settings: { NIGHTJAR_AUDIOBOOKSHELF: folder } })
const patch = (api: Api, id: string, change: object) =>
  api.fetch(`/api/novels/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })

/** `changed` resolves when something appears in a folder. */
class Watched {
  readonly changed: Promise<unknown>
  readonly #watcher: FSWatcher

  constructor(folder: string) {
    this.#watcher = watch(folder)
    this.changed = once(this.#watcher, 'change')
  }

  [Symbol.dispose](): void {
    this.#watcher.close()
  }
}

test.skipIf(!onPostgres)(
  'what another server has completed is exported by the one that has the folder',
  async () => {
    await using root = await temporaryFolder()
    await using shared = await temporaryFolder()
    const settings = { NIGHTJAR_OBJECTS: join(shared.path, 'objects'), ...storageSettings(shared.path) }
    await using speaking = await startApplication({ settings })
    const exports = { NIGHTJAR_SPEAKERS: '0', NIGHTJAR_AUDIOBOOKSHELF: root.path }
    await using exporting = await startApplication({ unready: true, settings: { ...settings, ...exports } })
    const { novel } = await speaking.api.add(await book(), 'salt.epub')
    await speaking.api.finished(await speaking.api.generate(novel.id))
    await becomes(exporting.api, novel.id, 'written')
    expect(await stateOf(speaking.api, novel.id)).toMatchObject({ state: 'off' })
    expect(await readdir(join(root.path, place))).toEqual(expect.arrayContaining(sound))
  },
)

test('without the setting the export is off and nothing is written', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(await book(), 'salt.epub')
  expect(await stateOf(here.api, novel.id)).toEqual({ success: true, state: 'off' })
})

test('a complete novel is exported as audiobookshelf expects it: audio, cover and metadata', async () => {
  await using root = await temporaryFolder()
  await using data = await temporaryFolder()
  await using here = await applicationWith(root.path, data.path)
  const { api } = here
  const { novel } = await api.add(await book(), 'salt.epub')
  await api.finished(await api.generate(novel.id, [2]))
  expect(await stateOf(api, novel.id)).toMatchObject({
    state: 'waiting',
    message: '1 of 2 chapters are spoken.',
  })
  expect(await readdir(root.path)).toEqual([])
  await api.finished(await api.generate(novel.id))
  await becomes(api, novel.id, 'written')
  const folder = join(root.path, place)
  expect((await stateOf(api, novel.id)).path).toBe(folder)
  expect(await readdir(root.path)).toEqual(['Anna Bell'])
  expect((await readdir(folder)).toSorted()).toEqual(
    ['.nightjar.json', ...sound, 'cover.png', 'metadata.json'].toSorted(),
  )
  for (const [at, name] of sound.entries()) {
    const asked = await api.fetch(`/api/novels/${novel.id}/chapters/${at + 1}/audio.m4a`)
    expect((await readFile(join(folder, name))).equals(await asked.bytes())).toBe(true)
  }
  expect((await readFile(join(folder, 'cover.png'))).equals(png)).toBe(true)
  const told = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as {
    chapters: { start: number; end: number; title: string }[]
  }
  expect(told).toMatchObject({
    title: 'Salt: a tale',
    authors: ['Anna Bell'],
    narrators: ['Hum'],
    series: ['The Sea #2'],
    publishedYear: '1895',
    description: 'What the sea gives.',
    language: 'en',
  })
  const { seconds } = (await api.json<{ novel: { seconds: number } }>(`/api/novels/${novel.id}`)).novel
  expect(told.chapters.map(({ title }) => title)).toEqual(['Who: he?', 'A/B'])
  expect(told.chapters[1]?.start).toBe(told.chapters[0]?.end)
  expect(told.chapters[1]?.end).toBeCloseTo(seconds, 6)
})

test('foreign folders, added files and corrections are kept; everything else follows the novel', async () => {
  await using root = await temporaryFolder()
  await using data = await temporaryFolder()
  const theirs = join(root.path, place)
  await mkdir(theirs, { recursive: true })
  await writeFile(join(theirs, 'mine.mp3'), 'not ours')
  let id: string
  const folder = `${theirs} (2)`
  {
    await using here = await applicationWith(root.path, data.path)
    ;({
      novel: { id },
    } = await here.api.add(await book(), 'salt.epub'))
    await here.api.finished(await here.api.generate(id))
    await becomes(here.api, id, 'written')
    expect((await stateOf(here.api, id)).path).toBe(folder)
    await writeFile(join(folder, 'notes.pdf'), 'a listener’s')
    await writeFile(join(folder, 'metadata.json'), '{"title":"corrected"}')
    const first = await readFile(join(folder, '.nightjar.json'), 'utf8')
    await patch(here.api, id, { speed: 1.5 })
    expect(await stateOf(here.api, id)).toMatchObject({ state: 'waiting', path: folder })
    await here.api.finished(await here.api.generate(id))
    await becomes(here.api, id, 'written')
    expect(await readFile(join(folder, '.nightjar.json'), 'utf8')).not.toBe(first)
    expect(await readFile(join(folder, 'notes.pdf'), 'utf8')).toBe('a listener’s')
    expect(await readFile(join(folder, 'metadata.json'), 'utf8')).toBe('{"title":"corrected"}')
    await patch(here.api, id, { author: '', title: 'Pepper' })
  }
  await using here = await applicationWith(root.path, data.path)
  await becomes(here.api, id, 'written')
  expect((await stateOf(here.api, id)).path).toBe(join(root.path, 'Pepper'))
  expect(await readdir(theirs)).toEqual(['mine.mp3'])
  expect(await readdir(folder)).toEqual(['notes.pdf'])
})

test('a missing or unwritable folder is reported, and the export is retried by itself', async () => {
  await using root = await temporaryFolder()
  await using data = await temporaryFolder()
  const missing = join(root.path, 'library')
  let id: string
  {
    await using here = await applicationWith(missing, data.path)
    ;({
      novel: { id },
    } = await here.api.add(await book(), 'salt.epub'))
    await here.api.finished(await here.api.generate(id))
    await waitUntil(
      async () => (await stateOf(here.api, id)).message?.includes('There is no folder') ?? false,
    )
    expect(await stateOf(here.api, id)).toMatchObject({
      state: 'waiting',
      message: expect.stringContaining(`There is no folder ${missing}.`) as string,
    })
    expect(await readdir(root.path)).toEqual([])
    await mkdir(missing)
    await becomes(here.api, id, 'written')
    expect(await readdir(missing)).toEqual(['Anna Bell'])
  }
  await rm(join(missing, 'Anna Bell'), { recursive: true })
  await writeFile(join(missing, 'Anna Bell'), 'a file where the author’s folder should be')
  {
    await using here = await applicationWith(missing, data.path)
    await becomes(here.api, id, 'failed')
    expect((await stateOf(here.api, id)).message).toMatch(
      /^The book cannot be written to .*: Anna Bell is a /,
    )
    expect(await readdir(missing)).toEqual(['Anna Bell'])
    await rm(join(missing, 'Anna Bell'))
    await becomes(here.api, id, 'written')
  }
})

test.skipIf(process.platform !== 'linux')('a full disk is reported as audiobookshelf.full', async () => {
  await using full = await open('/dev/full', 'w')
  const error: unknown = await full.write('x').catch((thrown: unknown) => thrown)
  expect(audiobookshelfFailure(error, '/books')).toMatchObject({
    code: 'audiobookshelf.full',
    message: 'There is no room for the book in /books. Make some; then it is brought there by itself.',
  })
})

test('a crash between moving the old export away and renaming the new one loses nothing', async () => {
  await using root = await temporaryFolder()
  await using data = await temporaryFolder()
  let id: string
  const folder = join(root.path, place)
  {
    await using here = await applicationWith(root.path, data.path)
    ;({
      novel: { id },
    } = await here.api.add(await book(), 'salt.epub'))
    await here.api.finished(await here.api.generate(id))
    await becomes(here.api, id, 'written')
  }
  await writeFile(join(folder, 'notes.pdf'), 'a listener’s')
  const ending = '01990000-0000-7000-8000-000000000000'
  await rename(folder, join(root.path, `.nightjar-old-${ending}`))
  await mkdir(join(root.path, `.nightjar-new-${ending}`))
  await writeFile(join(root.path, `.nightjar-new-${ending}`, sound[0]!), 'half')
  await mkdir(join(root.path, '.nightjar-new-of-mine'))
  await using here = await applicationWith(root.path, data.path)
  await becomes(here.api, id, 'written')
  expect((await readdir(root.path)).toSorted()).toEqual(['.nightjar-new-of-mine', 'Anna Bell'])
  expect(await readFile(join(folder, 'notes.pdf'), 'utf8')).toBe('a listener’s')
})

test(
  'killed while it writes, again and again: never half a book, and at last the whole',
  { timeout: 180_000 },
  async () => {
    await using root = await temporaryFolder()
    await using data = await temporaryFolder()
    const chapters = 30
    const folder = join(root.path, 'story')
    const options = { data: data.path, settings: { NIGHTJAR_AUDIOBOOKSHELF: root.path } }
    let id: string
    {
      await using server = await ServerProcess.start({ data: data.path })
      ;({
        novel: { id },
      } = await server.add(longStory(chapters, 2), 'story.txt'))
      const { voices } = await server.json<{ voices: Voice[] }>('/api/voices?language=en')
      await patch(server, id, { voice: voices.find(({ engine }) => engine === 'espeak')?.id })
      await server.finished(await server.generate(id))
      await server.stop()
    }
    let interrupted = 0
    // A busy machine may look when the book is there already.
    for (let round = 0; round < 2 || interrupted === 0; round++) {
      using watcher = new Watched(root.path)
      await using server = await ServerProcess.start(options)
      await watcher.changed
      await wait((round % 2) * 50)
      await server.kill()
      const left = await readdir(root.path)
      if (left.some((name) => name.startsWith('.nightjar-new-'))) interrupted++
      const whole = await readdir(folder).catch(() => undefined)
      if (whole) expect(whole).toHaveLength(chapters + 2)
      // A book that was complete already is removed, so that the next run writes it again.
      await rm(folder, { recursive: true, force: true })
    }
    await using server = await ServerProcess.start(options)
    await becomes(server, id, 'written')
    const names = await readdir(folder)
    expect(names).toHaveLength(chapters + 2)
    expect(await readdir(root.path)).toEqual(['story'])
    for (const name of names.filter((each) => each.endsWith('.m4a'))) {
      const asked = await server.fetch(`/api/novels/${id}/chapters/${Number(name.slice(0, 2))}/audio.m4a`)
      expect((await readFile(join(folder, name))).equals(await asked.bytes())).toBe(true)
    }
  },
)
