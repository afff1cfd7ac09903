import { expect, test } from 'vitest'
import { decodeFrames } from '../src/audio/codec/aac.ts'
import { demux } from './fixtures/demuxed.ts'
import { loudness } from '../src/audio/mastering/loudness.ts'
import { peakOf } from '../src/audio/samples.ts'
import type { Chapter, Timeline } from '../src/http/contract/novel-contract.ts'
import { sampleRate } from '../src/novel/clip.ts'
import { buildEpub } from './fixtures/epub.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const paragraphs = [
  'The ferryman had lit his lamp before the rain came, and now he sat under the old willow and waited.',
  'Nobody crossed the river on such a night. “Nobody with any sense,” he said to the dog, who agreed.',
  'At half past nine somebody called from the other side. It was a woman’s voice, thin and very clear.',
  'He counted the coins in his pocket: there were 14 of them, and he would not have minded a 15th.',
  'So he took the oars, and the dog went with him, and the lamp swung from side to side like a bell.',
  'When they reached the far bank there was no one there. There was only a letter on a stone.',
]

const book = () =>
  buildEpub({
    title: 'The Ferryman',
    pages: [
      { name: 'one.xhtml', body: chapter('One', paragraphs) },
      { name: 'two.xhtml', body: chapter('Two', paragraphs.toReversed()) },
    ],
    nav: '<ol><li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li></ol>',
  })

function chapter(title: string, texts: readonly string[]): string {
  return `<h1>Chapter ${title}</h1>${texts.map((text) => `<p>${text}</p>`).join('')}`
}

test(
  'a book comes in, the power fails while it is spoken, and the chapter comes out whole',
  { timeout: 180_000 },
  async () => {
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start({ data: folder.path })
    const { novel, chapters } = await first.add(await book(), 'ferryman.epub')
    expect(novel).toMatchObject({ title: 'The Ferryman', author: 'Anna Bell', voice: 'hibari:heart' })
    expect(chapters.map(({ title }) => title)).toEqual(['One', 'Two'])
    const progressId = await first.generate(novel.id)
    const before = await first.until(progressId, ({ segmentsDone }) => segmentsDone > 2)
    await first.kill()

    await using second = await ServerProcess.start({ data: folder.path })
    const resumed = await second.progress(progressId)
    expect(resumed.segmentsDone).toBeGreaterThanOrEqual(before.segmentsDone)
    const progress = await second.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', percent: 100, failedSegments: [] })
    const spoken = [...first.handedOut, ...second.handedOut]
    expect(spoken.length - new Set(spoken).size).toBeLessThanOrEqual(2)

    const path = `/api/novels/${novel.id}/chapters/1`
    const { timeline } = await second.json<{ timeline: Timeline }>(`${path}/timeline`)
    const response = await second.fetch(`${path}/audio.m4a`)
    expect(response.headers.get('content-type')).toBe('audio/mp4')
    const file = demux(await response.bytes())
    expectSound(file, timeline)
    const { chapter: text } = await second.json<{ chapter: Chapter }>(path)
    expectWords(text)
    expect(await second.stop()).toBe(0)
  },
)

/** The file is as long as its timeline to the sample, as loud as the studio promises, and the same by both decoders. */
function expectSound(file: ReturnType<typeof demux>, timeline: Timeline): void {
  expect(timeline.complete).toBe(true)
  const samples = Math.round(timeline.seconds * sampleRate)
  expect(file).toMatchObject({ duration: samples, timescale: sampleRate, startTime: 0, channels: 1 })
  expect(file.samples).toHaveLength(samples)
  expect(decodeFrames(file.frames)).toEqual(file.samples)
  const heard = loudness(file.samples, sampleRate)
  expect(Math.abs(heard - -19)).toBeLessThanOrEqual(1)
  expect(20 * Math.log10(peakOf(file.samples))).toBeLessThanOrEqual(-3)
  let end = 0
  for (const { from = NaN, seconds = NaN } of timeline.segments) {
    expect(Math.abs(from - end)).toBeLessThan(1e-9)
    end = from + seconds
    const part = file.samples.subarray(Math.round(from * sampleRate), Math.round(end * sampleRate))
    expect(peakOf(part)).toBeGreaterThan(0.05)
  }
  expect(end).toBeCloseTo(timeline.seconds, 9)
}

/** Every word's time lies in its segment, none before the one before it, and each is a word of the text. */
function expectWords({ blocks, segments }: Chapter): void {
  for (const segment of segments) {
    const { block, start, end, from = NaN, seconds = NaN, words = [] } = segment
    const text = blocks[block]?.text ?? ''
    let [at, time] = [start, from]
    for (const word of words) {
      expect(word.start).toBeGreaterThanOrEqual(at)
      expect(word.end).toBeLessThanOrEqual(end)
      expect(word.from).toBeGreaterThanOrEqual(time - 1e-9)
      expect(word.to).toBeGreaterThanOrEqual(word.from)
      expect(word.to).toBeLessThanOrEqual(from + seconds + 1e-9)
      ;[at, time] = [word.end, word.to]
    }
    const told = words.map((word) => letters(text.slice(word.start, word.end)))
    const written = text
      .slice(start, end)
      .split(/[\s—]+/)
      .map(letters)
      .filter((word) => word !== '')
    expect(words.length).toBeGreaterThan(written.length * 0.7)
    // An engine may say two words in one breath, as in “from the”.
    expect(told.join(' ')).toBe(written.join(' '))
  }
}

/** A word without the marks around it. */
function letters(word: string): string {
  return word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
}
