import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildEpub } from './fixtures/epub.ts'
import { noisyPng } from './fixtures/noisy-png.ts'
import type { Api } from './program/api-client.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const bookWith = (name: string, type: string, bytes: Buffer | string) =>
  buildEpub({
    title: name,
    pages: [{ name: 'one.xhtml', body: `<h1>One</h1><p>The cover of ${name} was large.</p>` }],
    nav: '<ol><li><a href="one.xhtml">One</a></li></ol>',
    manifest: `<item id="c" href="${name}" media-type="${type}" properties="cover-image"/>`,
    files: { [`OEBPS/${name}`]: bytes },
  })

/** Media type, and width and height where it is a JPEG: ITU-T T.81, B.2.2. */
async function coverAt(api: Api, path: string) {
  const answer = await api.fetch(path)
  const bytes = Buffer.from(await answer.arrayBuffer())
  let size: [number, number] | undefined
  for (let at = 2; bytes[0] === 0xff && bytes[1] === 0xd8 && at < bytes.length;) {
    const marker = bytes[at + 1] ?? 0
    if (marker >= 0xc0 && marker <= 0xc2) size = [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
    if (size) break
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return { status: answer.status, type: answer.headers.get('content-type'), bytes, size }
}

test('a large cover is scaled to the requested width; small images and SVG are sent unchanged', async () => {
  await using here = await startApplication()
  const { api } = here
  const png = noisyPng(800, 1200)
  const { novel } = await api.add(await bookWith('large.png', 'image/png', png), 'large.epub')
  const path = `/api/novels/${novel.id}/cover`
  expect((await coverAt(api, path)).bytes.equals(png)).toBe(true)
  for (const [width, size] of [
    [1, [160, 240]],
    [160, [160, 240]],
    [200, [320, 480]],
    [640, [640, 960]],
  ] as const) {
    const small = await coverAt(api, `${path}?width=${width}`)
    expect(small, String(width)).toMatchObject({ status: 200, type: 'image/jpeg', size })
    expect(small.bytes.length).toBeLessThan(png.length / 4)
  }
  expect((await coverAt(api, `${path}?width=2000`)).bytes.equals(png)).toBe(true)
  expect((await api.fetch(`${path}?width=0`)).status).toBe(400)

  const little = noisyPng(100, 150)
  const { novel: other } = await api.add(await bookWith('little.png', 'image/png', little), 'little.epub')
  expect((await coverAt(api, `/api/novels/${other.id}/cover?width=160`)).bytes.equals(little)).toBe(true)
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 3"><path d="M0 0h2v3H0z"/></svg>'
  const { novel: drawn } = await api.add(await bookWith('drawn.svg', 'image/svg+xml', svg), 'drawn.epub')
  expect(await coverAt(api, `/api/novels/${drawn.id}/cover?width=160`)).toMatchObject({
    type: 'image/svg+xml',
  })
  // A corrupt image only lacks its scaled version.
  const broken = Buffer.concat([png.subarray(0, 60), Buffer.alloc(5000, 7)])
  const { novel: hurt } = await api.add(await bookWith('hurt.png', 'image/png', broken), 'hurt.epub')
  const shown = await coverAt(api, `/api/novels/${hurt.id}/cover?width=160`)
  expect([200, 404]).toContain(shown.status)

  const folder = join(here.data, 'small-covers')
  expect((await readdir(folder)).length).toBe(3)
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  expect(await readdir(folder)).toEqual([])
  expect((await api.fetch(`${path}?width=160`)).status).toBe(404)
})

test('after kill -9 while scaling covers, the next server scales them; none is incomplete', async () => {
  await using data = await temporaryFolder()
  const png = noisyPng(800, 1200)
  let path: string
  {
    await using doomed = await ServerProcess.start({ data: data.path, speakers: 1 })
    const { novel } = await doomed.add(await bookWith('large.png', 'image/png', png), 'large.epub')
    path = `/api/novels/${novel.id}/cover`
    const asked = [160, 320, 640].map((width) =>
      doomed.fetch(`${path}?width=${width}`).catch(() => undefined),
    )
    await asked[0]
    await doomed.kill()
    await Promise.all(asked)
  }
  await using next = await ServerProcess.start({ data: data.path, speakers: 1 })
  for (const width of [160, 320, 640]) {
    expect((await coverAt(next, `${path}?width=${width}`)).size).toEqual([width, width * 1.5])
  }
  expect(await readdir(join(data.path, 'incoming'))).toEqual([])
})
