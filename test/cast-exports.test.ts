import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeWav } from '../src/audio/codec/wav.ts'
import type { CastView } from '../src/http/contract/cast-contract.ts'
import type { Chapter, Timeline } from '../src/http/contract/novel-contract.ts'
import { childElements, descendants, parseXml } from '../src/importer/xhtml/xml-tree.ts'
import { ZipArchive } from '../src/importer/zip-archive.ts'
import { frameSamples } from '../src/novel/clip.ts'
import { insertServer } from '../src/storage/queries/speech-server-queries.ts'
import { demux } from './fixtures/demuxed.ts'
import { answer } from './program/api-client.ts'
import { type Answer, oddSpeechServer, sends, sendsJson } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// A book in three voices of different sample rates, taken along: whole, in order, without a gap.

const story = new TextEncoder().encode(`Chapter 1

“Who is there at this hour of the night?” asked Mrs. Hurst at the door.

“Only Ben, and the rain,” said Ben. “Let us come in and sit by the fire.”

“Then come in,” said Mrs. Hurst, and she opened the door to the night.

Chapter 2

“We are going home,” said Ben at last to the old clock on the wall.
`)

const rates: Readonly<Record<string, number>> = { bella: 16_000, adam: 44_100 }
const pitch = 220
const studioRate = 24_000

function tone(seconds: number, rate: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) =>
      0.3 * Math.sin((2 * Math.PI * pitch * at) / rate) * Math.sin((Math.PI * at) / (seconds * rate)),
  )
}

const speaks: Answer = (response, heard) => {
  if (heard.path.endsWith('/voices')) return sendsJson(200, { voices: Object.keys(rates) })(response, heard)
  const rate = rates[String(heard.body?.['voice'])]!
  return sends(writeWav(tone(String(heard.body?.['input']).length / 15, rate), rate))(response, heard)
}

/** Hz, by how often a tone passes zero in the middle of `[from, from + seconds)`. */
function pitchOf(samples: Float32Array, from: number, seconds: number): number {
  const [start, end] = [0.35, 0.6].map((part) => Math.round((from + seconds * part) * studioRate)) as [
    number,
    number,
  ]
  let crossings = 0
  for (let at = start + 1; at < end; at++) if (samples[at - 1]! < 0 !== samples[at]! < 0) crossings++
  return (crossings * studioRate) / (2 * (end - start))
}

test('M4B, EPUB and subtitles of a cast book have each line once, in order and without a gap, at one sample rate', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  const { api, application } = here
  const server = {
    name: 'desk',
    title: 'Desk',
    address: desk.address,
    model: 'kokoro',
    parallel: 1,
    charactersPerRequest: 4096,
  }
  await insertServer(
    application.db,
    { server, voices: Object.keys(rates), voicesListed: false },
    () => 'desk',
  )
  await application.voices.reload()
  const { novel } = await api.add(story, 'story.txt')
  const path = `/api/novels/${novel.id}`
  const castOf = async () => (await api.json<{ cast: CastView }>(`${path}/cast`)).cast
  await api.post(`${path}/cast/analysis`, {})
  await waitUntil(async () => (await castOf()).state === 'ready')
  const { version, characters } = await castOf()
  const voices: Readonly<Record<string, string>> = {
    Ben: 'server:desk:adam',
    'Mrs. Hurst': 'server:desk:bella',
  }
  const wanted = characters.map(({ role, name, names }) => ({ role, name, names, voice: voices[name]! }))
  const { cast } = await answer<{ cast: CastView }>(
    api.fetch(`${path}/cast`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version, characters: wanted }),
    }),
  )
  await answer(api.post(`${path}/cast/apply`, { version: cast.version }))
  await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))

  // What the chapters are made of.
  const timelines: Timeline[] = []
  const chapters: Chapter[] = []
  const frames: Uint8Array[] = []
  for (const number of [1, 2]) {
    const { timeline } = await api.json<{ timeline: Timeline }>(
      `${path}/chapters/${number}/timeline?voice=odd:hum`,
    )
    const { chapter } = await api.json<{ chapter: Chapter }>(`${path}/chapters/${number}?voice=odd:hum`)
    timelines.push(timeline)
    chapters.push(chapter)
    frames.push(
      ...demux(await (await api.fetch(`${path}/chapters/${number}/audio.m4a?voice=odd:hum`)).bytes()).frames,
    )
  }
  expect(timelines.every(({ complete }) => complete)).toBe(true)
  for (const { segments, seconds } of timelines) {
    let end = 0
    for (const { from = NaN, seconds: length = NaN } of segments) {
      expect(from).toBeCloseTo(end, 6)
      end = from + length
    }
    expect(seconds).toBeCloseTo(end, 6)
  }

  // M4B: the chapters' frames, none more and none less, each voice at its own pitch.
  const book = demux(await (await api.fetch(`${path}/book.m4b?voice=odd:hum`)).bytes())
  expect(book.codecRate).toBe(studioRate)
  expect(Buffer.concat(book.frames).equals(Buffer.concat(frames))).toBe(true)
  expect(book.duration).toBe(frames.length * frameSamples)
  const total = timelines.reduce((sum, { seconds }) => sum + seconds, 0)
  expect(book.duration / studioRate).toBeCloseTo(total, 6)
  expect(book.samples.length).toBe(book.duration)
  let offset = 0
  for (const [at, { segments, seconds }] of timelines.entries()) {
    for (const { from = NaN, seconds: length = NaN, index } of segments) {
      const { spoken } = chapters[at]!.segments[index]!
      if (spoken.length > 12) expect(pitchOf(book.samples, offset + from, length)).toBeCloseTo(pitch, -1)
    }
    offset += seconds
  }

  // Subtitles: each segment's words once, in order, within its time.
  const spoken = chapters.flatMap(({ segments, blocks }) =>
    segments.map(({ block, start, end }) => blocks[block]!.text.slice(start, end)),
  )
  const words = (text: string) => text.replaceAll(/[^\p{L}]/gu, '')
  const vtt = await (await api.fetch(`${path}/book.vtt?voice=odd:hum`)).text()
  const cues = [
    ...vtt.matchAll(/(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)[^\n]*\n([^]*?)(?:\n\n|$)/g),
  ].map(([, ...parts]) => {
    const [h1, m1, s1, h2, m2, s2] = parts.slice(0, 6).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    return { from: h1 * 3600 + m1 * 60 + s1, to: h2 * 3600 + m2 * 60 + s2, text: parts[6]! }
  })
  expect(words(cues.map(({ text }) => text).join(' '))).toBe(words(spoken.join(' ')))
  for (const [at, { from, to }] of cues.entries()) {
    expect(to).toBeGreaterThan(from)
    expect(from).toBeGreaterThanOrEqual((cues[at - 1]?.to ?? 0) - 0.001)
  }
  expect(cues.at(-1)!.to).toBeLessThanOrEqual(total + 0.001)

  // EPUB: overlays that go through each chapter's sound from its first word to its end.
  const file = join(here.data, 'cast.epub')
  await writeFile(file, await (await api.fetch(`${path}/book.epub?voice=odd:hum`)).bytes())
  await using archive = {
    zip: await ZipArchive.open(file),
    async [Symbol.asyncDispose]() {
      await this.zip.close()
    },
  }
  const overlays = archive.zip.names.filter((name) => name.endsWith('.smil')).toSorted()
  expect(overlays).toHaveLength(2)
  for (const [at, name] of overlays.entries()) {
    const smil = parseXml(Buffer.from((await archive.zip.read(name))!).toString())
    const pars = descendants(smil, 'par').map((par) => childElements(par, 'audio')[0]!.attributes)
    const times = pars.map((audio) => ({
      from: Number.parseFloat(audio['clipbegin'] ?? audio['clipBegin']!),
      to: Number.parseFloat(audio['clipend'] ?? audio['clipEnd']!),
    }))
    expect(times.length).toBeGreaterThanOrEqual(timelines[at]!.segments.length)
    for (const [nth, { from }] of times.slice(1).entries()) expect(from).toBeCloseTo(times[nth]!.to, 2)
    expect(times[0]!.from).toBeLessThan(1)
    expect(times.at(-1)!.to).toBeCloseTo(timelines[at]!.seconds, 2)
  }
})
