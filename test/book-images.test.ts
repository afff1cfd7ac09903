import { expect, test } from 'vitest'
import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { jpegCover } from './fixtures/cover.ts'
import { buildEpub } from './fixtures/epub.ts'
import { noisyPng } from './fixtures/noisy-png.ts'
import { startApplication } from './program/in-process-application.ts'

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><script>alert(1)</script><path d="M0 0h40v20H0z"/></svg>'
const png = noisyPng(60, 40)

const book = (title: string) =>
  buildEpub({
    title,
    pages: [
      {
        name: 'one.xhtml',
        body: `<h1>One</h1><p>A map<img src="map.jpg" alt="A map of ${title}"/> hung there.</p><p><img src="photo.png" alt=""/></p>
          <p>See <a href="two.xhtml#there">the storm</a> or <a href="https://example.org/">the site</a>.</p><p>It was late.</p>`,
      },
      {
        name: 'two.xhtml',
        body: '<h1>Two</h1><p>First.</p><p id="there">The storm came.</p><p><img src="drawn.svg" alt="Drawn"/></p>',
      },
    ],
    nav: '<ol><li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li></ol>',
    files: { 'OEBPS/map.jpg': jpegCover, 'OEBPS/photo.png': png, 'OEBPS/drawn.svg': svg },
  })

test('the images of a book are served from its source, as long as it is there', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await api.add(await book('Hill'), 'hill.epub')
  const { novel: other } = await api.add(await book('Dale'), 'dale.epub')
  const chapterAt = async (number: number) =>
    (await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/${number}`)).chapter
  const images = (chapter: Chapter) => chapter.skips.flatMap(({ image }) => image ?? [])
  const one = await chapterAt(1)
  const [map, photo] = images(one)
  expect(Object.keys(map!)).toEqual(['name', 'width', 'height'])
  expect(one.skips.find(({ image }) => image?.name === map!.name)?.text).toBe('A map of Hill')
  const [drawn] = images(await chapterAt(2))
  const at = (number: number, name: string, id = novel.id) =>
    api.fetch(`/api/novels/${id}/chapters/${number}/images/${name}`)
  for (const [number, name, type, bytes] of [
    [1, map!.name, 'image/jpeg', jpegCover],
    [1, photo!.name, 'image/png', png],
    [2, drawn!.name, 'image/svg+xml', Buffer.from(svg)],
  ] as const) {
    const answer = await at(number, name)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  }
  for (const name of [drawn!.name, '..%2f..%2fetc%2fpasswd', 'a'.repeat(100), '00000000-1.png'])
    expect((await at(1, name)).status, name).toBe(404)
  expect((await at(9, map!.name)).status).toBe(404)

  // What stands in the trash is not there, and comes back whole.
  await api.fetch(`/api/novels/${novel.id}`, { method: 'DELETE' })
  expect((await at(1, map!.name)).status).toBe(404)
  await api.fetch(`/api/trash/${novel.id}/restore`, { method: 'POST' })
  expect((await at(1, map!.name)).status).toBe(200)
  expect((await at(1, map!.name, other.id)).status).toBe(200)
  expect((await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  expect((await at(1, map!.name)).status).toBe(404)
  // Added again it has them again, under the same names.
  const again = await api.add(await book('Hill'), 'hill.epub')
  expect((await at(1, map!.name, again.novel.id)).status).toBe(200)
})

test('a link finds its place also after the chapters were moved', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await api.add(await book('Moved'), 'moved.epub')
  const path = `/api/novels/${novel.id}`
  const { chapter } = await api.json<{ chapter: Chapter }>(`${path}/chapters/1`)
  const links = chapter.blocks.flatMap(({ marks = [] }) => marks.flatMap(({ to }) => to ?? []))
  expect(links).toEqual([{ anchor: 1, chapter: 2 }, { href: 'https://example.org/' }])
  const place = async (anchor: number, near: number) =>
    (await api.json<{ place: unknown }>(`${path}/anchors/${anchor}?near=${near}`)).place
  expect(await place(1, 2)).toEqual({ chapterNumber: 2, block: 2, segment: 2 })
  const move = { kind: 'move', first: 2, last: 2, to: 1 }
  expect((await api.post(`${path}/edits`, move)).status).toBe(200)
  expect(await place(1, 2)).toEqual({ chapterNumber: 1, block: 2, segment: 2 })
  expect((await api.fetch(`${path}/anchors/11?near=2`)).status).toBe(404)
})
