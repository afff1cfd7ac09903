import { afterAll, expect, test } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { importKey } from '../src/storage/object-keys.ts'
import { saveImportOutcome } from '../src/storage/queries/import-queries.ts'
import { buildEpub, zip } from './fixtures/epub.ts'
import { corrected, serialChapters, serialText } from './fixtures/serial.ts'
import { beginImport, importAll, importDone, importOf, sendFile } from './program/import-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// Many files at once: what becomes of each, on one server.

const here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '1', NIGHTJAR_UPLOAD_LIMIT: '1' } })
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const { db, objects } = here.application

const text = (name: string): string =>
  `${name}\n\n\nChapter 1\n\n${name} went to the sea, and it was a long way.\n\nChapter 2\n\n${name} came home.\n`

const shelf = async (): Promise<Novel[]> =>
  (await api.json<{ novels: Novel[] }>('/api/novels?limit=500')).novels

/** The states of the files, by name. */
const states = (files: readonly { name: string; state: string }[]): Record<string, string> =>
  Object.fromEntries(files.map(({ name, state }) => [name, state]))

const storedFiles = async (): Promise<string[]> => {
  const keys: string[] = []
  for await (const { key } of objects.list('imports/')) keys.push(key)
  return keys
}

test('of many files each becomes what it is, and the report says so', async () => {
  const serial = serialChapters(4)
  await api.add(serialText(serial), 'serial.txt')
  const known = new TextEncoder().encode(text('The House'))
  await api.add(known, 'house.txt')
  const batch = await importAll(api, {
    'Shore/one.txt': text('One of them'),
    'Shore/two.epub': await buildEpub({
      title: 'Two',
      pages: [{ name: 'a.xhtml', body: '<h1>I</h1><p>Two was long ago.</p>' }],
    }),
    'one again.txt': text('One of them'),
    'house_copy*.txt': known,
    'serial new.txt': serialText(corrected(serialChapters(5), 2, 1, 'It was all different.')),
    'picture.txt': 'GIF89a no book',
    'empty.txt': '',
  })
  const done = await importDone(api, batch)
  expect(done).toMatchObject({ total: 7, done: 7 })
  expect(states(done.files)).toEqual({
    'Shore/one.txt': expect.stringMatching(/added|known/),
    'Shore/two.epub': 'added',
    'one again.txt': expect.stringMatching(/added|known/),
    'house_copy*.txt': 'known',
    'serial new.txt': 'version',
    'picture.txt': 'refused',
    'empty.txt': 'refused',
  })
  const of = (name: string) => done.files.find((file) => file.name === name)!
  // Of the same file twice one is new, whichever was read first.
  expect([of('Shore/one.txt').state, of('one again.txt').state].toSorted()).toEqual(['added', 'known'])
  expect(of('Shore/one.txt').novelId).toBe(of('one again.txt').novelId)
  expect(of('Shore/two.epub')).toMatchObject({ title: 'Two', trouble: null })
  expect(of('picture.txt')).toMatchObject({
    novelId: null,
    trouble: { code: 'novel.unreadable', error: expect.stringContaining('picture.txt') },
  })
  expect(of('empty.txt').trouble?.code).toBe('novel.empty-file')
  const { novelId, versionId } = of('serial new.txt')
  expect((await api.fetch(`/api/novels/${novelId}/versions/${versionId}`)).status).toBe(200)

  const report = await api.fetch(`/api/imports/${batch}/report.md`)
  expect(report.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(report.headers.get('content-disposition')).toContain('.md')
  const lines = await report.text()
  expect(lines).toContain('7 of 7 files done.')
  expect(lines).toContain('## Not taken in (2)\n\n- picture.txt: ')
  expect(lines).toContain('- house\\_copy\\*.txt: *')
  expect(lines).toContain('- Shore/two.epub: *Two*')
  // The bytes of what was refused alone are kept, to be read again.
  expect((await storedFiles()).toSorted()).toEqual(
    [importKey(of('picture.txt').id), importKey(of('empty.txt').id)].toSorted(),
  )
  // Refused files are read again, and nothing else is.
  const again = await api.json<{ import: { states: object } }>(`/api/imports/${batch}/retry`, {
    method: 'POST',
  })
  expect(again.import.states).toMatchObject({ added: 2, known: 2, version: 1 })
  const retried = await importDone(api, batch)
  expect(retried.states).toEqual(done.states)
  const before = await shelf()
  expect((await api.fetch(`/api/imports/${batch}`, { method: 'DELETE' })).status).toBe(200)
  expect((await api.fetch(`/api/imports/${batch}`)).status).toBe(404)
  expect(await storedFiles()).toEqual([])
  expect(await shelf()).toHaveLength(before.length)
})

test('a refused file is sent anew, and is read as what it is now', async () => {
  const batch = await importAll(api, { 'mended.txt': 'GIF89a' })
  const [file] = (await importDone(api, batch)).files
  expect(file?.state).toBe('refused')
  expect((await sendFile(api, batch, file!.id, text('Mended'))).status).toBe(200)
  expect((await importDone(api, batch)).files).toMatchObject([{ state: 'added', title: 'Mended' }])
  // Another server that had the lock before says nothing more of it, and forgets nothing.
  expect(await saveImportOutcome(db, file!.id, { state: 'sending' })).toBe(false)
  // What is over takes no other bytes, and keeps none.
  expect((await sendFile(api, batch, file!.id, text('Another'))).status).toBe(200)
  expect((await importOf(api, batch)).files).toMatchObject([{ state: 'added', title: 'Mended' }])
  expect(await storedFiles()).toEqual([])
})

test('a file whose bytes are gone, with a disk or after a restore, says that it has not come, and comes again', async () => {
  const batch = await importAll(api, { 'gone.txt': 'GIF89a' })
  const [file] = (await importDone(api, batch)).files
  await objects.delete([importKey(file!.id)])
  expect((await api.fetch(`/api/imports/${batch}/retry`, { method: 'POST' })).status).toBe(200)
  await waitUntil(async () => (await importOf(api, batch)).states.sending === 1)
  expect((await sendFile(api, batch, file!.id, text('Back Again'))).status).toBe(200)
  expect((await importDone(api, batch)).files).toMatchObject([{ state: 'added', title: 'Back Again' }])
})

test('the books of a zip are files of their own, and a zip that is a book stays one', async () => {
  const batch = await importAll(api, {
    'books.zip': await zip([
      ['shelf/alpha.txt', text('Alpha')],
      [
        'shelf/beta.epub',
        await buildEpub({ title: 'Beta', pages: [{ name: 'a.xhtml', body: '<p>Beta.</p>' }] }),
      ],
      ['shelf/bad.txt', '\0\0\0 no text'],
      ['shelf/cover.jpg', 'no book'],
      ['__MACOSX/shelf/._alpha.txt', 'no book'],
    ]),
    'pages.zip': await zip([['index.html', '<title>Pages</title><h1>One</h1><p>A page of a book.</p>']]),
  })
  await waitUntil(async () => (await importOf(api, batch)).total === 5)
  const done = await importDone(api, batch)
  expect(states(done.files)).toEqual({
    'books.zip': 'unpacked',
    'books.zip/shelf/alpha.txt': 'added',
    'books.zip/shelf/beta.epub': 'added',
    'books.zip/shelf/bad.txt': 'refused',
    'pages.zip': 'added',
  })
})

test('what is too large, foreign or hostile is refused, and the other books come in', async () => {
  const large = 'x'.repeat(1024 * 1024 + 1)
  const begun = await beginImport(api, { 'large.txt': large, 'small.txt': text('Small') })
  const [first, second] = begun.files
  const refused = await sendFile(api, begun.id, first!.id, large)
  expect([refused.status, await refused.json()]).toMatchObject([413, { code: 'request.too-large' }])
  expect((await sendFile(api, begun.id, second!.id, text('Small'))).status).toBe(200)
  const done = await importDone(api, begun.id)
  expect(states(done.files)).toEqual({ 'large.txt': 'refused', 'small.txt': 'added' })
  expect(done.files[0]?.trouble?.code).toBe('request.too-large')

  const unknown = '019ad000-0000-7000-8000-000000000001'
  for (const path of [`${begun.id}/files/${unknown}`, `${unknown}/files/${second!.id}`]) {
    const [batch, , file] = path.split('/')
    const response = await sendFile(api, batch!, file!, 'x')
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'import.unknown' }])
  }
  for (const files of [[], Array.from({ length: 1001 }, (_, at) => ({ name: `${at}`, bytes: 1 }))])
    expect((await api.post('/api/imports', { files })).status).toBe(400)

  // A book in it unpacks to more than a file may have.
  const bomb = await importAll(api, { 'bomb.zip': await zip([['bomb.txt', 'x'.repeat(3 * 1024 * 1024)]]) })
  expect((await importDone(api, bomb)).files).toMatchObject([
    { state: 'refused', trouble: { code: 'novel.hostile' } },
  ])
})

test('an import that is called off reads no more, and nothing of it stays behind', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`${at}.txt`, text(`Called off ${at}`)]),
  )
  const batch = await importAll(api, files)
  const own = new Set((await importOf(api, batch)).files.map(({ id }) => importKey(id)))
  expect((await api.fetch(`/api/imports/${batch}`, { method: 'DELETE' })).status).toBe(200)
  const other = await importAll(api, { 'after.txt': text('Afterwards') })
  await importDone(api, other)
  await waitUntil(async () => !(await storedFiles()).some((key) => own.has(key)))
  const rows = await db.selectFrom('importFiles').select('id').where('batch', '=', batch).execute()
  expect(rows).toEqual([])
  const titles = (await shelf()).map(({ title }) => title).filter((title) => title.startsWith('Called off'))
  expect(titles.length).toBeLessThan(12)
  expect(new Set(titles).size).toBe(titles.length)
})
