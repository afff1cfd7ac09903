import { expect } from 'vitest'
import { jpegCover } from '../fixtures/cover.ts'
import { buildEpub } from '../fixtures/epub.ts'
import type { Api } from './api-client.ts'
import { waitUntil } from './wait-until.ts'

/**
 * A novel goes through everything that has code or data of its own in a package: the page, the contract, reading an EPUB,
 * scaling its cover, both built-in engines, chapters, MP3, M4B and EPUB exports. Returns the novel's id and a chapter.
 */
export async function expectWholeStudio(api: Api): Promise<{ id: string; chapter: Uint8Array }> {
  await waitUntil(async () => (await api.fetch('/readyz')).status === 200)
  const page = await (await api.fetch('/', { headers: { accept: 'text/html' } })).text()
  const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? ''
  expect((await api.fetch(script)).headers.get('content-type')).toMatch(/javascript/)
  expect(await (await api.fetch('/api/docs/')).text()).toContain('swagger')

  const book = await buildEpub({
    title: 'The Lamp',
    pages: ['One', 'Two'].map((title) => ({
      name: `${title}.xhtml`,
      body: `<h1>${title}</h1><p>The lamp was lit. Nobody saw it in chapter ${title.toLowerCase()}.</p>`,
    })),
    nav: '<ol><li><a href="One.xhtml">One</a></li><li><a href="Two.xhtml">Two</a></li></ol>',
    manifest: '<item id="cover" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>',
    files: { 'OEBPS/cover.jpg': jpegCover },
  })
  const { novel, chapters } = await api.add(book, 'lamp.epub')
  expect(chapters.map(({ title }) => title)).toEqual(['One', 'Two'])
  const path = `/api/novels/${novel.id}`
  expect((await api.fetch(`${path}/cover?width=160`)).headers.get('content-type')).toBe('image/jpeg')

  for (const voice of ['espeak:en-us', 'hibari:heart']) {
    const progress = await api.finished(await api.generate(novel.id, undefined, { voice }))
    expect(progress, voice).toMatchObject({ status: 'completed', failedSegments: [] })
  }
  const heard = async (file: string) => {
    const answer = await api.fetch(`${path}/${file}?voice=hibari:heart`)
    return { status: answer.status, bytes: await answer.bytes() }
  }
  const { bytes: chapter } = await heard('chapters/1/audio.m4a')
  expect(Buffer.from(chapter.subarray(4, 8)).toString()).toBe('ftyp')
  expect(chapter.length).toBeGreaterThan(10_000)
  await waitUntil(async () => (await heard('chapters/1/audio.mp3')).status === 200)
  for (const file of ['book.m4b', 'book.epub'])
    expect((await heard(file)).bytes.length).toBeGreaterThan(20_000)
  return { id: novel.id, chapter }
}
