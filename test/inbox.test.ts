import { copyFile, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { InboxFileView, InboxView } from '../src/http/contract/inbox-contract.ts'
import { inboxAnswer } from '../src/http/contract/inbox-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

/** A picture of one pixel. */
const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(64, 1),
])

const opf = (title: string, author: string, more = ''): string =>
  `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title><dc:creator>${author}</dc:creator>${more}</metadata></package>`

const text = (name: string): string =>
  `Chapter 1\n\n${name} went to the sea, and it was a long way.\n\nChapter 2\n\n${name} came home.\n`

const epub = (title: string): Promise<Uint8Array> =>
  buildEpub({ title, pages: [{ name: 'a.xhtml', body: `<h1>One</h1><p>${title} was long ago.</p>` }] })

async function view(api: Api): Promise<InboxView> {
  return inboxAnswer.parse(await api.json('/api/inbox')).inbox
}

async function fileOf(api: Api, path: string): Promise<InboxFileView | undefined> {
  return (await view(api)).files.find((file) => file.path === path)
}

/** Waits until a file has been read. */
async function read(api: Api, path: string): Promise<InboxFileView> {
  await waitUntil(async () => ['imported', 'refused'].includes((await fileOf(api, path))?.state ?? ''))
  return (await fileOf(api, path))!
}

async function shelf(api: Api): Promise<Novel[]> {
  return (await api.json<{ novels: Novel[] }>('/api/novels')).novels
}

async function titles(api: Api): Promise<string[]> {
  return (await shelf(api)).map(({ title }) => title).toSorted()
}

/** Names, sizes, times and bytes of everything in a folder. */
async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) continue
    found[path] = `${(await stat(path, { bigint: true })).mtimeNs} ${await readFile(path, 'hex')}`
  }
  return found
}

const watching = (folder: string, more: Readonly<Record<string, string>> = {}) => ({
  NIGHTJAR_INBOX: folder,
  NIGHTJAR_INBOX_EVERY: '0.1',
  ...more,
})

test('books of a folder come in, of a Calibre library one format each, and nothing in it is changed', async () => {
  await using root = await temporaryFolder()
  const at = (path: string): string => join(root.path, path)
  await mkdir(at('Anna Bell/The Sea (3)'), { recursive: true })
  await writeFile(at('Anna Bell/The Sea (3)/The Sea - Anna Bell.txt'), text('Nobody'))
  await writeFile(at('Anna Bell/The Sea (3)/The Sea - Anna Bell.epub'), await epub('Sea'))
  const series =
    '<meta name="calibre:series" content="Shores &amp; Isles"/><meta name="calibre:series_index" content="2.0"/>'
  await writeFile(at('Anna Bell/The Sea (3)/metadata.opf'), opf('The Sea', 'Anna Bell', series))
  await writeFile(at('Anna Bell/The Sea (3)/cover.jpg'), jpeg)
  // A better format that cannot be read: the next one is taken.
  await mkdir(at('Anna Bell/The Land (4)'), { recursive: true })
  await writeFile(at('Anna Bell/The Land (4)/The Land.epub'), 'PK\u0003\u0004 cut off')
  await writeFile(at('Anna Bell/The Land (4)/The Land.txt'), text('The Land'))
  await writeFile(at('Anna Bell/The Land (4)/metadata.opf'), opf('The Land', 'Anna Bell'))
  await writeFile(at('Anna Bell/The Land (4)/cover.jpg'), 'no picture')
  await writeFile(at('loose.txt'), text('Loose'))
  await writeFile(at('loose.md'), '# One\n\nLoose was long ago.\n\n# Two\n\nIt was.\n')
  await writeFile(at('half.epub.part'), await epub('Half'))
  await writeFile(at('fetched.txt'), text('Fetched'))
  await writeFile(at('fetched.txt.crdownload'), 'more')
  await writeFile(at('.hidden.txt'), text('Hidden'))
  await writeFile(at('notes.csv'), 'a,b')
  const before = await contents(root.path)
  await using here = await startApplication({ settings: watching(root.path) })
  const { api } = here
  expect(await read(api, 'Anna Bell/The Sea (3)/The Sea - Anna Bell.epub')).toMatchObject({
    state: 'imported',
    title: 'The Sea',
    trouble: null,
  })
  expect(await read(api, 'Anna Bell/The Land (4)/The Land.txt')).toMatchObject({ state: 'imported' })
  expect(await fileOf(api, 'Anna Bell/The Land (4)/The Land.epub')).toMatchObject({
    state: 'refused',
    novelId: null,
    trouble: { code: 'novel.damaged', error: expect.stringContaining('The Land.epub is damaged') },
  })
  expect(await read(api, 'loose.md')).toMatchObject({ state: 'imported' })
  const novels = await shelf(api)
  expect(novels.map(({ title, author }) => `${title} ${author}`).toSorted()).toEqual([
    'The Land Anna Bell',
    'The Sea Anna Bell',
    'loose ',
  ])
  // As its library has it: with the series, and the cover that somebody chose there.
  const sea = novels.find(({ title }) => title === 'The Sea')!
  const { metadata } = await here.application.db
    .selectFrom('novels')
    .select('metadata')
    .where('id', '=', sea.id)
    .executeTakeFirstOrThrow()
  expect(JSON.parse(metadata)).toMatchObject({ series: { name: 'Shores & Isles', position: '2' } })
  const cover = await api.fetch(`/api/novels/${sea.id}/cover`)
  expect([cover.headers.get('content-type'), Buffer.from(await cover.arrayBuffer())]).toEqual([
    'image/jpeg',
    jpeg,
  ])
  const land = novels.find(({ title }) => title === 'The Land')!
  expect((await api.fetch(`/api/novels/${land.id}/cover`)).status).toBe(404)
  // Once what fetches it is done, the file is taken; and so is what is renamed to a book.
  await rm(at('fetched.txt.crdownload'))
  await rename(at('half.epub.part'), at('half.epub'))
  await read(api, 'fetched.txt')
  await read(api, 'half.epub')
  expect((await shelf(api)).length).toBe(5)
  const after = await contents(root.path)
  for (const [path, bytes] of Object.entries(before))
    if (after[path] !== undefined) expect(after[path]).toBe(bytes)
  expect(Object.keys(after).length).toBe(Object.keys(before).length - 1)
})

test('a file is taken when it is complete, and its changed bytes are looked at again', async () => {
  await using root = await temporaryFolder()
  await using here = await startApplication({ settings: watching(root.path) })
  const { api } = here
  const path = join(root.path, 'growing.txt')
  await writeFile(path, '')
  await waitUntil(async () => (await fileOf(api, 'growing.txt'))?.state === 'waiting')
  expect(await shelf(api)).toEqual([])
  await writeFile(path, '\0\0\0 no text')
  expect(await read(api, 'growing.txt')).toMatchObject({
    state: 'refused',
    trouble: { code: 'novel.unreadable' },
  })
  await writeFile(path, text('Growing'))
  await waitUntil(async () => (await fileOf(api, 'growing.txt'))?.state === 'imported')
})

test('links lead nowhere, a refused file can be read again, and what was deleted stays away', async () => {
  await using root = await temporaryFolder()
  await using outside = await temporaryFolder()
  await writeFile(join(outside.path, 'secret.txt'), text('Secret'))
  await symlink(join(outside.path, 'secret.txt'), join(root.path, 'link.txt'))
  await symlink(outside.path, join(root.path, 'linked'))
  await symlink(root.path, join(root.path, 'loop'))
  await writeFile(join(root.path, 'bad.epub'), 'GIF89a')
  await writeFile(join(root.path, 'good.txt'), text('Good'))
  await using data = await temporaryFolder()
  const options = { data: data.path, settings: watching(root.path) }
  {
    await using here = await startApplication(options)
    const { api } = here
    await read(api, 'bad.epub')
    await read(api, 'good.txt')
    const [novel] = await shelf(api)
    expect(await titles(api)).toHaveLength(1)
    await api.fetch(`/api/novels/${novel!.id}?forever=true`, { method: 'DELETE' })
    const again = await api.fetch('/api/inbox/retry', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ paths: ['bad.epub', 'good.txt'] }),
    })
    expect(again.status).toBe(200)
    expect(await read(api, 'bad.epub')).toMatchObject({ state: 'refused' })
  }
  // Seen again after a restart, under another name too, and never imported twice.
  await copyFile(join(root.path, 'good.txt'), join(root.path, 'renamed.txt'))
  await using here = await startApplication(options)
  expect(await read(here.api, 'renamed.txt')).toMatchObject({ state: 'imported', novelId: null })
  expect(await fileOf(here.api, 'good.txt')).toMatchObject({ state: 'imported', novelId: null })
  expect((await view(here.api)).files.map(({ path }) => path).toSorted()).toEqual([
    'bad.epub',
    'good.txt',
    'renamed.txt',
  ])
  expect(await shelf(here.api)).toEqual([])
})

test('what is to be spoken by itself is asked for: so many chapters, or why it cannot be is told', async () => {
  await using root = await temporaryFolder()
  await writeFile(join(root.path, 'book.txt'), text('Ann'))
  await using here = await startApplication({ settings: watching(root.path, { NIGHTJAR_INBOX_SPEAK: '1' }) })
  const { api } = here
  const { novelId } = await read(api, 'book.txt')
  await waitUntil(async () => (await shelf(api))[0]?.segmentsDone !== 0)
  const { status: first } = await api
    .json<{ status: string }>(`/api/novels/${novelId}/chapters/1`)
    .then(({ chapter }: any) => chapter)
  expect(first).not.toBe('none')
  const second = await api.json<{ chapter: { status: string } }>(`/api/novels/${novelId}/chapters/2`)
  expect(second.chapter.status).toBe('none')
})

test('a file that is another version has nothing spoken until it is taken over, and then what it adds', async () => {
  await using root = await temporaryFolder()
  const story = (chapters: number): string =>
    Array.from(
      { length: chapters },
      (_, at) =>
        `Chapter ${at + 1}\n\nOn the ${at + 1}th day Ann went on to the sea. Nobody was with her then, on day ${at + 1}. It was far.\n\n`,
    ).join('')
  await using here = await startApplication({
    settings: watching(root.path, { NIGHTJAR_INBOX_SPEAK: 'all' }),
  })
  const { api, application } = here
  // It came by hand, and nobody asked to have it spoken.
  const { novel } = await api.add(Buffer.from(story(3)), 'serial.txt')
  await writeFile(join(root.path, 'serial.txt'), story(5))
  expect(await read(api, 'serial.txt')).toMatchObject({ state: 'imported', novelId: novel.id, trouble: null })
  expect(await application.db.selectFrom('generations').selectAll().execute()).toEqual([])
  const { versions } = await api.json<{ versions: { id: string }[] }>(`/api/novels/${novel.id}/versions`)
  const take = `/api/novels/${novel.id}/versions/${versions[0]!.id}/take`
  expect((await api.post(take, {})).status).toBe(200)
  await waitUntil(async () => {
    const { chapters } = await api.json<{ chapters: { status: string }[] }>(`/api/novels/${novel.id}`)
    return (
      chapters.length === 5 &&
      chapters.every(({ status }, at) => (at < 3 ? status === 'none' : status === 'completed'))
    )
  })
})

test('without a folder none is watched; one that is not there is told and waited for', async () => {
  await using none = await startApplication()
  expect(await view(none.api)).toEqual({ folder: null, speak: 'no', problem: null, files: [] })
  await using root = await temporaryFolder()
  const folder = join(root.path, 'mounted later')
  await using here = await startApplication({ settings: watching(folder) })
  await waitUntil(async () => (await view(here.api)).problem?.includes('ENOENT') === true)
  await mkdir(folder)
  await writeFile(join(folder, 'a.txt'), text('Ann'))
  expect(await read(here.api, 'a.txt')).toMatchObject({ state: 'imported' })
  expect((await view(here.api)).problem).toBe(null)
})
