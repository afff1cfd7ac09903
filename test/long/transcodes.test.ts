import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { parseBuffer } from 'music-metadata'
import { expect, test } from 'vitest'
import { fromBuffer, type ZipFile } from 'yauzl'
import { demux } from '../fixtures/demuxed.ts'
import type { Timeline } from '../../src/http/contract/novel-contract.ts'
import type { Export } from '../../src/http/contract/export-contract.ts'
import { transcodedZipBytes } from '../../src/exports/transcode-export.ts'
import { findRendition } from '../../src/playback/renditions.ts'
import { sampleRate } from '../../src/novel/clip.ts'
import { buildEpub } from '../fixtures/epub.ts'
import { repeatedSentence } from '../fixtures/repeated-sentence.ts'
import { longStory } from '../fixtures/long-story.ts'
import type { Api } from '../program/api-client.ts'
import { ServerProcess } from '../program/server-process.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

// Chapters as MP3 and Opus: encoded on request, cached up to a limit, never incomplete.

const sound = 'voice=odd:hum'
const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))

async function spoken(api: Api, book: Uint8Array<ArrayBuffer>, chapters?: readonly number[]) {
  const { novel } = await api.add(book, 'story.txt')
  await api.finished(await api.generate(novel.id, chapters, { voice: 'odd:hum' }))
  const chapter = (number: number, form: string): string =>
    `/api/novels/${novel.id}/chapters/${number}/audio.${form}?${sound}`
  return { novel, chapter, zip: (form: string) => `/api/novels/${novel.id}/book.${form}.zip?${sound}` }
}

async function exportAt(api: Api, path: string): Promise<Export> {
  const response = await api.fetch(path)
  expect(response.status).toBe(202)
  return ((await response.json()) as { export: Export }).export
}

/** Polls until the transcode is complete. */
async function ready(api: Api, path: string): Promise<Response> {
  for (;;) {
    const response = await api.fetch(path)
    if (response.status !== 202) return response
    await response.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function bytesAt(api: Api, path: string): Promise<Buffer> {
  const response = await ready(api, path)
  expect(response.status).toBe(200)
  return Buffer.from(await response.bytes())
}

async function recordingsOf(api: Api) {
  return (await api.json<{ recordings: { bytes: number; waiting: number } }>('/api/health')).recordings
}

const files = (data: string): string[] => readdirSync(join(data, 'recordings'))

test.for([
  ['mp3', 'audio/mpeg', 1],
  ['opus', 'audio/ogg', 2],
] as const)(
  'a chapter as %s is 202 until it is encoded, then served by ranges, as long as its clips',
  async (each) => {
    const [form, type, every] = each
    await using here = await startApplication()
    const { api } = here
    const { novel, chapter } = await spoken(api, longStory(2, 6), [1])
    const path = chapter(1, form)
    const first = await api.fetch(path)
    expect(first.status).toBe(202)
    expect(first.headers.get('location')).toBe(path)
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
    const asked = ((await first.json()) as { export: Export }).export
    expect(asked).toMatchObject({ form, errorMessage: null, waiting: null, chapters: 1 })
    const whole = await bytesAt(api, path)
    const { timeline } = await api.json<{ timeline: Timeline }>(
      `/api/novels/${novel.id}/chapters/1/timeline?${sound}`,
    )
    const { samples, format } = demux(whole)
    expect(format).toBe(form === 'mp3' ? 'mp3' : 'ogg')
    expect(samples).toHaveLength(Math.round(timeline.seconds * sampleRate) * every)
    const { common } = await parseBuffer(whole)
    expect(common).toMatchObject({ title: 'Chapter 1', album: novel.title, composer: ['Hum'] })
    expect(common.track).toEqual({ no: 1, of: 2 })
    const head = await api.fetch(path, { method: 'HEAD' })
    expect(head.headers.get('content-type')).toBe(type)
    expect(head.headers.get('content-length')).toBe(String(whole.length))
    const etag = head.headers.get('etag') ?? ''
    expect(etag).toBe(`"${asked.id}"`)
    const range = await api.fetch(path, { headers: { range: 'bytes=1000-1999', 'if-range': etag } })
    expect(range.status).toBe(206)
    expect(Buffer.from(await range.bytes()).equals(whole.subarray(1000, 2000))).toBe(true)
    expect((await api.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect(files(here.data)).toEqual([asked.id])
    const { recordings } = await api.json<{ recordings: object }>('/api/health')
    expect(recordings).toMatchObject({
      bytes: whole.length,
      waiting: 0,
      realTimeFactor: expect.any(Number),
      limitBytes: 2e9,
    })
  },
)

test('an incomplete chapter is refused with its progress, and a novel without complete chapters with nothing-ready', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(longStory(2, 6), 'story.txt')
  await api.generate(novel.id, [1], { voice: 'odd:hum' })
  for (const form of ['mp3', 'opus']) {
    const chapter = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.${form}?${sound}`)
    expect([chapter.status, await chapter.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'audio.none', progress: { segmentsDone: 0, segmentsTotal: 7 } }),
    ])
    const book = await api.fetch(`/api/novels/${novel.id}/book.${form}.zip?${sound}`)
    expect([book.status, await book.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'recording.nothing-ready' }),
    ])
  }
  expect((await api.fetch(`/api/novels/${novel.id}/book.wma.zip`)).status).toBe(404)
})

test('the zip contains the file of each complete chapter, is served by ranges, and grows with the novel', async () => {
  await using here = await startApplication()
  const { api, data } = here
  const { novel, chapter, zip } = await spoken(api, longStory(3, 4), [1, 2])
  const path = zip('mp3')
  expect(await exportAt(api, path)).toMatchObject({ form: 'mp3', chapters: 2 })
  const whole = await bytesAt(api, path)
  const opened = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(whole, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (file) resolve(file)
      else reject(error)
    })
  })
  const names: string[] = []
  for await (const entry of opened.eachEntry()) {
    names.push(entry.fileName)
    const bytes = await buffer(await opened.openReadStreamPromise(entry))
    expect(bytes.equals(await bytesAt(api, chapter(names.length, 'mp3')))).toBe(true)
  }
  expect(names).toEqual([expect.stringMatching(/^0001 Chapter 1.*\.mp3$/), expect.stringMatching(/^0002 /)])
  const head = await api.fetch(path, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe(String(whole.length))
  expect(head.headers.get('content-disposition')).toMatch(/\.mp3\.zip"?$/)
  for (let start = 0; start < whole.length; start += 70_001) {
    const range = await api.fetch(path, { headers: { range: `bytes=${start}-${start + 9999}` } })
    expect(range.status).toBe(206)
    expect(Buffer.from(await range.bytes()).equals(whole.subarray(start, start + 10_000))).toBe(true)
  }
  if (spawnSync('unzip', ['-v']).status === 0) {
    writeFileSync(join(data, 'all.zip'), whole)
    expect(spawnSync('unzip', ['-t', join(data, 'all.zip')], { encoding: 'utf8' }).stdout).toMatch(
      /No errors/,
    )
  }
  await api.finished(await api.generate(novel.id, [3], { voice: 'odd:hum' }))
  const made = new Set(files(data))
  expect(await exportAt(api, path)).toMatchObject({ chapters: 3 })
  expect((await bytesAt(api, path)).length).toBeGreaterThan(whole.length)
  expect(files(data)).toEqual(expect.arrayContaining([...made]))
  expect(files(data)).toHaveLength(3)
})

test('an unchanged chapter is encoded once; a new title or new audio gives a new file', async () => {
  await using here = await startApplication()
  const { api, data } = here
  const { novel, chapter } = await spoken(api, longStory(1, 3))
  const paths = Array.from({ length: 5 }, () => chapter(1, 'opus'))
  const ids = new Set((await Promise.all(paths.map((path) => exportAt(api, path)))).map(({ id }) => id))
  expect(ids.size).toBe(1)
  await bytesAt(api, chapter(1, 'opus'))
  await bytesAt(api, chapter(1, 'opus'))
  expect(files(data)).toHaveLength(1)
  await api.finished(await api.generate(novel.id, [1], { voice: 'odd:hum', speed: 1.5 }))
  await bytesAt(api, `${chapter(1, 'opus')}&speed=1.5`)
  expect(files(data)).toHaveLength(2)
  await api.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Đêm mưa' }),
  })
  const { common } = await parseBuffer(await bytesAt(api, chapter(1, 'opus')))
  expect(common.album).toBe('Đêm mưa')
  expect(files(data)).toHaveLength(3)
})

test('the file contains the cover and the series of an EPUB', async () => {
  await using here = await startApplication()
  const cover = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const book = await buildEpub({
    metadata:
      '<dc:title>Rain</dc:title><dc:creator>Anna Bell</dc:creator><dc:language>en</dc:language><dc:date>1899-02-03</dc:date>',
    pages: [{ name: 'one.xhtml', body: '<h1>Chapter One</h1><p>It rained, and nobody minded it.</p>' }],
    nav: '<ol><li><a href="one.xhtml">One</a></li></ol>',
    manifest: '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>',
    files: { 'OEBPS/cover.png': cover },
  })
  const { novel } = await here.api.add(book, 'rain.epub')
  await here.api.finished(await here.api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  for (const form of ['mp3', 'opus']) {
    const path = `/api/novels/${novel.id}/chapters/1/audio.${form}?${sound}`
    const { common } = await parseBuffer(await bytesAt(here.api, path))
    expect(common).toMatchObject({ artist: 'Anna Bell', album: 'Rain', year: 1899 })
    expect(common.picture?.[0]?.format).toBe('image/png')
    expect(Buffer.from(common.picture?.[0]?.data ?? []).equals(cover)).toBe(true)
  }
})

test('beyond the limit the least recently requested transcode is evicted, but none that is being read', async () => {
  await using here = await startApplication({ settings: { NIGHTJAR_RECORDINGS_LIMIT: '1' } })
  const { api, data, application } = here
  // About 50 seconds per chapter: two of them fit into a megabyte.
  const { chapter, zip } = await spoken(api, longStory(4, 10))
  const ids: string[] = []
  const make = async (number: number) => {
    ids.push((await exportAt(api, chapter(number, 'mp3'))).id)
    await bytesAt(api, chapter(number, 'mp3'))
  }
  await make(1)
  const size = (await recordingsOf(api)).bytes
  expect(2 * size).toBeLessThan(1e6)
  expect(3 * size).toBeGreaterThan(1e6)
  await make(2)
  {
    using _ = application.transcodeCache.pin([ids[0]!])
    await make(3)
    expect(files(data).toSorted()).toEqual([ids[0]!, ids[2]!].toSorted())
  }
  await make(4)
  expect(files(data).toSorted()).toEqual([ids[2]!, ids[3]!].toSorted())
  expect((await recordingsOf(api)).bytes).toBeLessThanOrEqual(1e6)
  const refused = await api.fetch(zip('mp3'))
  expect(refused.status).toBe(507)
  expect(await refused.json()).toMatchObject({
    code: 'recording.too-large',
    error: expect.stringMatching(/NIGHTJAR_RECORDINGS_LIMIT/),
  })
  expect((await exportAt(api, chapter(1, 'mp3'))).id).toBe(ids[0])
})

test('a transcode whose file was removed is encoded again', async () => {
  await using here = await startApplication()
  const { chapter } = await spoken(here.api, longStory(1, 3))
  const whole = await bytesAt(here.api, chapter(1, 'mp3'))
  for (const name of files(here.data)) await rm(join(here.data, 'recordings', name))
  expect((await bytesAt(here.api, chapter(1, 'mp3'))).equals(whole)).toBe(true)
})

test('when a novel is deleted during a download, the download completes, then its files are deleted', async () => {
  await using here = await startApplication()
  const { api, data } = here
  const { novel, zip } = await spoken(api, repeatedSentence(100, 2))
  const whole = await bytesAt(api, zip('mp3'))
  expect(whole.length).toBeGreaterThan(15_000_000)
  const response = await api.fetch(zip('mp3'))
  const reader = response.body!.getReader()
  const chunks = [(await reader.read()).value ?? new Uint8Array()]
  expect((await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  expect(files(data)).toHaveLength(2)
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
  }
  expect(Buffer.concat(chunks).equals(whole)).toBe(true)
  await waitUntil(() => files(data).length === 0)
  expect((await api.fetch(zip('mp3'))).status).toBe(404)
  expect(await recordingsOf(api)).toMatchObject({ bytes: 0, waiting: 0 })
})

test('a novel deleted while it is transcoded leaves no transcode', async () => {
  await using here = await startApplication()
  const { api, data } = here
  const { novel, chapter } = await spoken(api, repeatedSentence(200))
  await waitUntil(async () => (await exportAt(api, chapter(1, 'mp3'))).percent > 0)
  expect((await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  expect([...files(data), ...readdirSync(join(data, 'incoming'))]).toEqual([])
  expect(await recordingsOf(api)).toMatchObject({ waiting: 0 })
})

test('after kill -9 while transcoding, the server leaves no incomplete file and resumes by itself', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const start = () => ServerProcess.start({ data, program: [program] })
  await using first = await start()
  const { chapter, zip } = await spoken(first, repeatedSentence(80, 2))
  const asked = await exportAt(first, zip('mp3'))
  await waitUntil(async () => (await exportAt(first, chapter(1, 'mp3'))).percent > 5)
  await first.kill()
  expect(readdirSync(join(data, 'incoming')).length).toBeGreaterThan(0)
  expect(files(data)).toEqual([])
  await using second = await start()
  await waitUntil(async () => (await recordingsOf(second)).waiting === 0)
  expect(readdirSync(join(data, 'incoming'))).toEqual([])
  expect(files(data)).toHaveLength(2)
  const response = await second.fetch(zip('mp3'))
  expect(response.status).toBe(200)
  expect(response.headers.get('etag')).toContain(asked.id)
  await response.body?.cancel()
  for (const number of [1, 2]) {
    const timeline = chapter(number, 'mp3').replace('audio.mp3', 'timeline')
    const { timeline: times } = await second.json<{ timeline: Timeline }>(timeline)
    const bytes = await bytesAt(second, chapter(number, 'mp3'))
    const { format } = await parseBuffer(bytes, undefined, { duration: true })
    // This reader also counts the encoder's padding at both ends.
    expect(format.duration).toBeCloseTo(times.seconds, 0)
  }
})

/** Living child processes of this process. */
function children(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
}

test('chapters are transcoded one at a time while segments are being spoken, else one per worker', async () => {
  const speakers = 2
  await using here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: String(speakers) } })
  const { api } = here
  const { zip } = await spoken(api, repeatedSentence(40, 3))
  const most = async (enough: () => Promise<boolean>): Promise<number> => {
    let processes = 0
    await waitUntil(async () => {
      processes = Math.max(processes, children())
      return enough()
    })
    return processes
  }
  const isThere = async () => (await api.fetch(zip('mp3'), { method: 'HEAD' })).status === 200
  expect(await most(isThere)).toBe(speakers + 2)
  const { novel } = await api.add(new TextEncoder().encode('Here the engine hangs for ever.'), 'stuck.txt')
  await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await waitUntil(() => here.application.pool.busy > 0)
  // Not to the end: what hangs is given up after a while, and its worker replaced.
  expect(await most(async () => (await exportAt(api, zip('opus'))).percent > 20)).toBe(speakers + 1)
  expect(here.application.pool.busy).toBeGreaterThan(0)
})

test('files that a crash left in the transcode cache are deleted at the next start', async () => {
  await using folder = await temporaryFolder()
  let whole: Buffer
  let path: string
  {
    await using here = await startApplication({ data: folder.path })
    path = (await spoken(here.api, longStory(1, 3))).chapter(1, 'mp3')
    whole = await bytesAt(here.api, path)
  }
  const [kept] = files(folder.path)
  writeFileSync(join(folder.path, 'recordings', 'orphan'), 'left by a crash')
  await using here = await startApplication({ data: folder.path })
  expect(files(folder.path)).toEqual([kept])
  expect((await bytesAt(here.api, path)).equals(whole)).toBe(true)
})

test('on a full disk a transcode waits and says so, and is encoded when there is space', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel, chapter } = await spoken(api, longStory(2, 40), [1])
  const { rows } = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(application.db)
  await sql`PRAGMA clips.max_page_count = ${sql.raw(String((rows[0]?.page_count ?? 0) + 5))}`.execute(
    application.db,
  )
  await api.generate(novel.id, [2], { voice: 'odd:hum' })
  await waitUntil(() => application.diskSpace.full)
  expect(await exportAt(api, chapter(1, 'mp3'))).toMatchObject({
    status: 'pending',
    waiting: expect.stringContaining('disk is full'),
  })
  expect(files(here.data)).toEqual([])
  await sql`PRAGMA clips.max_page_count = 1000000`.execute(application.db)
  await bytesAt(api, chapter(1, 'mp3'))
})

test('a chapter that cannot be transcoded says so, does not block others, and is retried later', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel, chapter, zip } = await spoken(api, longStory(2, 3))
  const clips = () => application.db.updateTable('clips.clips')
  const row = await application.db.selectFrom('clips.clips').selectAll().executeTakeFirstOrThrow()
  // No frames at all, but a valid checksum.
  const adts = new Uint8Array(500)
  const checksum = crc32(adts, crc32(row.wordTimes, crc32(row.frameSizes)))
  await clips().set({ adts, checksum }).where('id', '=', row.id).execute()
  const answer = await ready(api, zip('mp3'))
  expect([answer.status, await answer.json()]).toEqual([
    500,
    expect.objectContaining({
      code: 'recording.failed',
      export: expect.objectContaining({
        status: 'failed',
        errorMessage: expect.stringMatching(
          /^The chapter “.*” could not be recorded: .*Ask again in a minute/,
        ),
      }),
    }),
  ])
  expect(files(here.data)).toHaveLength(1)
  const statuses = await Promise.all([1, 2].map(async (n) => (await api.fetch(chapter(n, 'mp3'))).status))
  expect(new Set(statuses)).toEqual(new Set([200, 500]))
  await clips().set({ adts: row.adts, checksum: row.checksum }).where('id', '=', row.id).execute()
  await application.db
    .updateTable('recordings')
    .set({ askedAt: Date.now() - 120_000 })
    .where('novelId', '=', novel.id)
    .execute()
  await bytesAt(api, zip('mp3'))
})

test('the size of a format is estimated without requesting it', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel, chapter, zip } = await spoken(api, longStory(2, 10))
  const finished = await Promise.all(
    [1, 2].map((n) => findRendition(application, novel.id, n, { voice: 'odd:hum' })),
  )
  const bytesOf = (form: 'mp3' | 'opus') => transcodedZipBytes(application, finished, form)
  const foreseen = { mp3: await bytesOf('mp3'), opus: await bytesOf('opus') }
  expect(await recordingsOf(api)).toMatchObject({ bytes: 0, waiting: 0 })
  await bytesAt(api, chapter(1, 'mp3'))
  const half = await bytesOf('mp3')
  expect(half).toBeLessThan(foreseen.mp3)
  for (const form of ['mp3', 'opus'] as const) {
    const { length } = await bytesAt(api, zip(form))
    expect(await bytesOf(form)).toBe(length)
    expect(foreseen[form]).toBeGreaterThanOrEqual(length)
  }
  expect(half).toBeGreaterThan(await bytesOf('mp3'))
  expect(foreseen.mp3 - (await bytesOf('mp3'))).toBeLessThan(20_000)
})

test('a corrupt clip is spoken again before its chapter is transcoded', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { chapter } = await spoken(api, longStory(1, 5))
  const row = await application.db.selectFrom('clips.clips').select(['id', 'adts']).executeTakeFirstOrThrow()
  const adts = Uint8Array.from(row.adts, (byte, at) => (at === 30 ? byte ^ 4 : byte))
  await application.db.updateTable('clips.clips').set({ adts }).where('id', '=', row.id).execute()
  let made: Buffer | undefined
  await waitUntil(async () => {
    const response = await api.fetch(chapter(1, 'mp3'))
    if (response.status !== 200) await response.body?.cancel()
    else made = Buffer.from(await response.bytes())
    return made !== undefined
  })
  const good = await application.db.selectFrom('clips.clips').select('adts').execute()
  expect(good.some((clip) => Buffer.from(clip.adts).equals(Buffer.from(row.adts)))).toBe(true)
  expect(demux(made!).samples.length).toBeGreaterThan(sampleRate)
})

test('a transcode requested from an idle server is encoded by the next one', async () => {
  await using folder = await temporaryFolder()
  let path: string
  {
    await using here = await startApplication({ data: folder.path })
    path = (await spoken(here.api, longStory(1, 3))).chapter(1, 'opus')
  }
  {
    await using idle = await startApplication({ data: folder.path, work: false })
    expect(await exportAt(idle.api, path)).toMatchObject({ status: 'pending', percent: 0 })
  }
  await using here = await startApplication({ data: folder.path })
  await waitUntil(async () => (await recordingsOf(here.api)).waiting === 0)
  const [name] = files(folder.path)
  const response = await here.api.fetch(path)
  expect(response.status).toBe(200)
  const bytes = Buffer.from(await response.bytes())
  expect(bytes.equals(readFileSync(join(folder.path, 'recordings', name ?? '')))).toBe(true)
})
