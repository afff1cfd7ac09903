import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AV_CODEC_ID_SUBRIP, AV_CODEC_ID_WEBVTT } from 'node-av/constants'
import { FormatContext, Packet } from 'node-av/lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { check } from '../src/audio/codec/ffmpeg.ts'
import type { Chapter, Timeline } from '../src/http/contract/novel-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// Subtitles, parsed by FFmpeg's demuxers of WebVTT and SubRip.

const folder = await temporaryFolder()
const server = await ServerProcess.start({ data: folder.path })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const sentence =
  'He counted 14 coins & one <small> button in his pocket, and he would not have minded a 15th, he said.'
const verse = 'The river sweats<br/>Oil and tar<br/>The barges drift'
let id: string
let sound: string

beforeAll(async () => {
  const book = await buildEpub({
    pages: [
      {
        name: 'one.xhtml',
        body: `<h1>One</h1><p>${sentence.replace('&', '&amp;').replace('<', '&lt;')}</p><p>${verse}</p>`,
      },
      { name: 'two.xhtml', body: '<h1>Two</h1><p>The lamp was lit. Nobody saw it.</p>' },
      { name: 'three.xhtml', body: '<h1>Three</h1><p>It had gone out.</p>' },
    ],
    nav: '<ol><li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li><li><a href="three.xhtml">Three</a></li></ol>',
  })
  const { novel } = await server.add(book, 'book.epub')
  id = novel.id
  const nothing = await server.fetch(`/api/novels/${id}/book.vtt?voice=espeak:en-us`)
  expect([nothing.status, await nothing.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'audio.none' }),
  ])
  sound = 'voice=espeak:en-us'
  await server.finished(await server.generate(id, [1, 3], { voice: 'espeak:en-us' }))
})

interface ReadCue {
  /** Milliseconds. */
  readonly from: number
  readonly to: number
  readonly text: string
}

async function readCues(path: string, codec: number): Promise<ReadCue[]> {
  const response = await server.fetch(path)
  expect(response.status).toBe(200)
  const file = join(folder.path, `cues.${codec === AV_CODEC_ID_SUBRIP ? 'srt' : 'vtt'}`)
  await writeFile(file, await response.text())
  const context = new FormatContext()
  try {
    check(context.openInputSync(file), 'open the subtitles')
    const [stream] = context.streams
    expect(stream?.codecpar.codecId).toBe(codec)
    using packet = new Packet()
    packet.alloc()
    const cues: ReadCue[] = []
    while (context.readFrameSync(packet) >= 0) {
      const from = Number(packet.pts)
      const text = Buffer.from(packet.data ?? []).toString()
      cues.push({ from, to: from + Number(packet.duration), text })
      packet.unref()
    }
    return cues
  } finally {
    context.closeInputSync()
  }
}

const plain = (text: string): string =>
  text
    .replaceAll(/<\d\d:[\d:.]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll('\u2060', '')

const forms = [
  ['vtt', '', AV_CODEC_ID_WEBVTT],
  ['vtt', '&words=1', AV_CODEC_ID_WEBVTT],
  ['srt', '', AV_CODEC_ID_SUBRIP],
] as const

test.each(forms)(
  'a chapter’s .%s%s has its source text, in lines that fit, at the times of its audio',
  async (form, words, codec) => {
    const chapter = `/api/novels/${id}/chapters/1`
    const cues = await readCues(`${chapter}/subtitles.${form}?${sound}${words}`, codec)
    const lines = cues.flatMap(({ text }) => plain(text).split('\n'))
    expect(lines.slice(0, 1)).toEqual(['One'])
    expect(lines.slice(-3)).toEqual(['The river sweats', 'Oil and tar', 'The barges drift'])
    expect(lines.slice(1, -3).join(' ')).toBe(sentence)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(42)
    const { timeline } = await server.json<{ timeline: Timeline }>(`${chapter}/timeline?${sound}`)
    expect(cues.at(-1)?.to).toBe(Math.round(timeline.seconds * 1000))
    const starts = cues.map(({ from }) => from)
    // The silence before a chapter's first word belongs to no sentence.
    expect(starts[0]).toBe(512)
    for (const { from } of timeline.segments.slice(1))
      expect(starts).toContain(Math.round((from ?? NaN) * 1000))
    cues.slice(1).forEach(({ from }, at) => expect(from).toBe(cues[at]?.to))
  },
)

test('with words=1 each word has its time from the chapter, ascending and inside its cue', async () => {
  const path = `/api/novels/${id}/chapters/1`
  const cues = await readCues(`${path}/subtitles.vtt?${sound}&words=1`, AV_CODEC_ID_WEBVTT)
  const { chapter } = await server.json<{ chapter: Chapter }>(`${path}?${sound}`)
  const told = chapter.segments.flatMap(({ words }) => words ?? []).map(({ from }) => Math.round(from * 1000))
  let marks = 0
  for (const { from, to, text } of cues) {
    let last = from
    for (const [, minutes, seconds] of text.matchAll(/<\d\d:(\d\d):([\d.]+)>/g)) {
      const at = Math.round(Number(minutes) * 60_000 + Number(seconds) * 1000)
      expect(at).toBeGreaterThan(last)
      expect(at).toBeLessThan(to)
      expect(told).toContain(at)
      last = at
      marks += 1
    }
  }
  expect(marks).toBeGreaterThan(15)
})

test.each(forms)(
  'the book’s .%s%s has the ready chapters, one after the other',
  async (form, words, codec) => {
    const of = (number: number) =>
      readCues(`/api/novels/${id}/chapters/${number}/subtitles.${form}?${sound}${words}`, codec)
    const [one, three] = [await of(1), await of(3)]
    const whole = await readCues(`/api/novels/${id}/book.${form}?${sound}${words}`, codec)
    expect(whole).toHaveLength(one.length + three.length)
    expect(whole.slice(0, one.length)).toEqual(one)
    const end = one.at(-1)?.to ?? NaN
    whole.slice(one.length).forEach((cue, at) => {
      expect(plain(cue.text)).toBe(plain(three[at]?.text ?? ''))
      expect(Math.abs(cue.from - end - (three[at]?.from ?? NaN))).toBeLessThanOrEqual(1)
    })
  },
)

test('a chapter that was never requested has no subtitles yet, and an unknown novel is 404', async () => {
  const none = await server.fetch(`/api/novels/${id}/chapters/2/subtitles.vtt?${sound}`)
  expect([none.status, await none.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'audio.none', progress: { segmentsDone: 0, segmentsTotal: 2 } }),
  ])
  const unknown = await server.fetch('/api/novels/00000000-0000-7000-8000-000000000000/book.srt')
  expect(unknown.status).toBe(404)
})

test('a book without a complete chapter has no subtitles yet', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(
    Buffer.from('The lamp was lit.\n\nThe second one hangs.\n'),
    'lamp.txt',
  )
  const address = `/api/novels/${novel.id}`
  const progressId = await here.api.generate(novel.id, [1], { voice: 'odd:hum' })
  await here.api.until(progressId, ({ segmentsDone }) => segmentsDone === 1)
  const chapter = await here.api.fetch(`${address}/chapters/1/subtitles.srt?voice=odd:hum`)
  expect([chapter.status, await chapter.json()]).toEqual([
    409,
    expect.objectContaining({
      code: 'audio.unfinished',
      progress: { segmentsDone: 1, segmentsTotal: 2 },
    }),
  ])
  for (const form of ['vtt', 'srt', 'epub']) {
    const book = await here.api.fetch(`${address}/book.${form}?voice=odd:hum`)
    expect([book.status, await book.json()]).toEqual([
      409,
      {
        success: false,
        code: 'book.unfinished',
        error:
          'No chapter of this novel is ready yet: 1 of 2 segments are spoken. Come back when the first is.',
        details: { done: 1, total: 2 },
      },
    ])
  }
})
