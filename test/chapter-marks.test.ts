import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseBuffer } from 'music-metadata'
import { afterAll, expect, test } from 'vitest'
import type { Chapter, Timeline } from '../src/http/contract/novel-contract.ts'
import type { Feed } from '../src/http/contract/export-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import { readFeed } from './program/feed-reader.ts'
import { ffprobeMissing, type Probed, said } from './program/ffprobe.ts'
import { startApplication } from './program/in-process-application.ts'

// Section marks of a chapter, as players read them.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here

const heading = `A heading that goes on and on ${'and on '.repeat(20)}to its end`
const book = await buildEpub({
  pages: [
    {
      name: 'one.xhtml',
      body: `<h1>I</h1><p>The lamp was lit. Nobody saw it.</p><hr/>
        <p>It rained for three nights, and in all of them nobody slept.</p><p>* * *</p><p>“No!”</p>
        <h2>${heading}</h2><p>Then it was day.</p>`,
    },
    { name: 'two.xhtml', body: '<h1>II</h1><p>Nothing else happened.</p>' },
  ],
  nav: '<ol><li><a href="one.xhtml">Dusk — “still”</a></li><li><a href="two.xhtml">夜</a></li></ol>',
})
const { novel } = await api.add(book, 'lamp.epub')
await api.finished(await api.generate(novel.id))

const first = ['I', 'It rained', '“No!”', 'A heading']
const second = ['II']
const titles = [
  ['Dusk — “still”', 'It rained for three nights, and in all…', '“No!”', heading],
  ['夜'],
] as const
// What FFmpeg would lose were it longer.
const inMp3 = [[...titles[0].slice(0, -1), heading.slice(0, 126)], titles[1]] as const

const inMs = (seconds: number) => Math.round(seconds * 1000)
const pathOf = (number: number) => `/api/novels/${novel.id}/chapters/${number}`

/** In milliseconds, when what begins with these words is heard, as a player on the page is told. */
async function heardAt(number: number, openings: readonly string[]) {
  const { chapter } = await api.json<{ chapter: Chapter }>(pathOf(number))
  const { timeline } = await api.json<{ timeline: Timeline }>(`${pathOf(number)}/timeline`)
  const starts = openings.map((opening) => {
    const index = chapter.segments.findIndex(
      ({ block, start }) => start === 0 && chapter.blocks[block]?.text.startsWith(opening),
    )
    return timeline.segments[index]?.from ?? Number.NaN
  })
  return starts.map((from, at) => ({ from: inMs(from), to: inMs(starts[at + 1] ?? timeline.seconds) }))
}

const expected = async (number: number, of: readonly (readonly string[])[]) =>
  (await heardAt(number, number === 1 ? first : second)).map((times, at) => ({
    title: of[number - 1]?.[at],
    ...times,
  }))

async function recorded(number: number, form: string): Promise<Uint8Array> {
  for (;;) {
    const response = await api.fetch(`${pathOf(number)}/audio.${form}`)
    if (response.status === 200) return response.bytes()
    expect(response.status).toBe(202)
    await response.body?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test.for([1, 2])('chapter %i as MP3 has its sections as an ID3 reader finds them', async (number) => {
  const { format, quality } = await parseBuffer(await recorded(number, 'mp3'))
  const found = format.chapters?.map(({ title, start, end = Number.NaN }) => ({
    title,
    from: inMs(start),
    to: inMs(end),
  }))
  expect(found).toEqual(await expected(number, inMp3))
  expect(quality.warnings).toEqual([])
})

test.skipIf(ffprobeMissing).for([
  ['mp3', inMp3],
  ['opus', titles],
] as const)('FFmpeg finds the sections in %s without warnings (needs ffprobe)', async ([form, of]) => {
  for (const number of [1, 2]) {
    const file = join(here.data, `${number}.${form}`)
    await writeFile(file, await recorded(number, form))
    const { out, err } = await said('ffprobe', ['-v', 'warning', '-show_chapters', '-of', 'json', file])
    expect(err).toBe('')
    const { chapters } = JSON.parse(out) as Pick<Probed, 'chapters'>
    const marks = await expected(number, of)
    expect(
      chapters.map(({ tags, start_time }) => ({ title: tags.title, from: inMs(Number(start_time)) })),
    ).toEqual(marks.map(({ title, from }) => ({ title, from })))
    // Comments tell no ends: that of the last is FFmpeg's own, with what Opus plays before the beginning.
    const known = form === 'mp3' ? marks : marks.slice(0, -1)
    const ends = chapters.map(({ end_time }) => inMs(Number(end_time)))
    expect(ends.slice(0, known.length)).toEqual(known.map(({ to }) => to))
  }
})

test('an episode’s sections are JSON chapters that its feed item links to', async () => {
  const made = await api.post(`/api/novels/${novel.id}/feed`, {})
  const { feed } = (await made.json()) as { feed: Feed }
  const { items } = readFeed(await (await api.fetch(feed.address)).text())
  expect(items).toHaveLength(2)
  for (const { podcastChapters, itunesEpisode = 0 } of items) {
    const { url = '', type } = podcastChapters ?? {}
    expect(url).toBe(feed.address.replace('.xml', `/chapters/${itunesEpisode}.json`))
    expect(type).toBe('application/json+chapters')
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('application/json+chapters; charset=utf-8')
    const marks = await expected(itunesEpisode, titles)
    expect(await response.json()).toEqual({
      version: '1.2.0',
      chapters: marks.map(({ title, from, to }) => ({ startTime: from / 1000, endTime: to / 1000, title })),
    })
    const etag = response.headers.get('etag') ?? ''
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  }
})

test('an episode that is not complete has no sections', async () => {
  const { novel: silent } = await api.add(longStory(1, 2), 'silent.txt')
  const made = await api.post(`/api/novels/${silent.id}/feed`, {})
  const { feed } = (await made.json()) as { feed: Feed }
  for (const [name, code] of [
    ['1.json', 'audio.none'],
    ['2.json', 'chapter.unknown'],
  ]) {
    const response = await fetch(feed.address.replace('.xml', `/chapters/${name}`))
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ success: false, code })
  }
})
