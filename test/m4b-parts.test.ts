import { afterAll, expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import { novelInParts } from './fixtures/novel-in-parts.ts'
import { startApplication } from './program/in-process-application.ts'

// Parts of a novel as M4B: by number, by size, by the book's own parts, or by chapters.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const sound = { voice: 'odd:hum' }
/** Maximum bytes that the tags of a part need in addition. */
const partTagBytes = 100

const bookOf = (id: string, query = '', init?: RequestInit) =>
  api.fetch(`/api/novels/${id}/book.m4b?voice=odd:hum${query}`, init)
const bytesOf = async (id: string, query = '') => Buffer.from(await (await bookOf(id, query)).bytes())
const framesIn = (bytes: Uint8Array): Buffer => Buffer.concat(demux(bytes).frames)

async function refusal(id: string, query: string): Promise<[number, string]> {
  const response = await bookOf(id, query)
  return [response.status, ((await response.json()) as { error: string }).error]
}

function linksOf(response: Response): Record<string, string> {
  const links = (response.headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)
  return Object.fromEntries([...links].map(([, address = '', rel = '']) => [rel, address]))
}

/** Fetches all parts by their links. */
async function partsOf(id: string, query: string) {
  const parts: { bytes: Buffer; disposition: string }[] = []
  let response = await bookOf(id, `${query}&part=1`)
  const { last } = linksOf(response)
  for (;;) {
    const links = linksOf(response)
    const disposition = response.headers.get('content-disposition') ?? ''
    parts.push({ bytes: Buffer.from(await response.bytes()), disposition })
    expect(links['last']).toBe(last)
    expect('prev' in links).toBe(parts.length > 1)
    if (links['next'] === undefined) break
    response = await api.fetch(links['next'])
  }
  expect(new URL(last ?? '', 'http://localhost').searchParams.get('part')).toBe(String(parts.length))
  return parts
}

/** The chapters in a file's comment: `2, 4` of `Chapters 2, 4 of 5`. */
const heldIn = (bytes: Uint8Array): string | undefined =>
  /^Chapters? (.*) of \d+$/.exec(demux(bytes).tags['comment'] ?? '')?.[1]

/** The concatenated AAC frames of the chapters' own files. */
async function framesOf(id: string, numbers: readonly number[]): Promise<Buffer> {
  const frames: Uint8Array[] = []
  for (const number of numbers) {
    const chapter = await api.fetch(`/api/novels/${id}/chapters/${number}/audio.m4a?voice=odd:hum`)
    frames.push(...demux(await chapter.bytes()).frames)
  }
  return Buffer.concat(frames)
}

/** Chapters that share no sentence with another test, whose clips would be reused. */
function storyOf(name: string, chapters: number): Uint8Array<ArrayBuffer> {
  const lines = Array.from({ length: chapters }, (_, at) => {
    const told = Array.from({ length: at + 2 }, (__, line) => `${name} told the tale ${at} of ${line} lamps.`)
    return [`Chapter ${at + 1}`, ...told]
  })
  return new TextEncoder().encode(lines.flat().join('\n\n'))
}

test('parts of about the same length add up to the novel; a book’s own part is found by its name', async () => {
  const { novel } = await api.add(await novelInParts(), 'lamp.epub')
  await api.finished(await api.generate(novel.id, undefined, sound))
  const whole = demux(await bytesOf(novel.id))
  const parts = [
    demux(await bytesOf(novel.id, '&part=1&of=2')),
    demux(await bytesOf(novel.id, '&part=2&of=2')),
  ]
  expect(Buffer.concat(parts.flatMap(({ frames }) => frames)).equals(Buffer.concat(whole.frames))).toBe(true)
  expect(parts.map(({ tags }) => [tags['title'], tags['disc']])).toEqual([
    ['The Lamp (part 1 of 2)', '1/2'],
    ['The Lamp (part 2 of 2)', '2/2'],
  ])
  const second = demux(await bytesOf(novel.id, '&bookPart=book%20two'))
  expect(second.tags).toMatchObject({ title: 'The Lamp: Book Two: Morning', comment: 'Chapters 3–4 of 4' })
  expect(Buffer.concat(whole.frames).subarray(-Buffer.concat(second.frames).length)).toEqual(
    Buffer.concat(second.frames),
  )
  for (const [query, status, word] of [
    ['&part=9&of=9', 404, '4 chapters'],
    ['&bookPart=Epilogue', 404, 'Book Two: Morning'],
    ['&part=1', 422, 'part=2&of=4'],
    ['&of=2', 422, 'part=2&of=4'],
    ['&part=3&of=2', 422, 'behind the last'],
  ] as const) {
    expect(await refusal(novel.id, query)).toEqual([status, expect.stringContaining(word)])
  }
})

test('parts by size are filled with whole chapters, add up to the novel, and link to each other', async () => {
  const { novel } = await api.add(await novelInParts(), 'lamp.epub')
  await api.finished(await api.generate(novel.id, undefined, sound))
  const whole = await bytesOf(novel.id)
  const sizes = await Promise.all(
    [1, 2, 3, 4].map(async (n) => (await bytesOf(novel.id, `&chapters=${n}`)).length),
  )
  const largest = Math.max(...sizes) + partTagBytes
  for (const maxBytes of [largest, Math.floor(whole.length * 0.75), whole.length - 1]) {
    const parts = await partsOf(novel.id, `&maxBytes=${maxBytes}`)
    expect(parts.length).toBeGreaterThan(1)
    for (const [at, { bytes, disposition }] of parts.entries()) {
      expect(bytes.length).toBeLessThanOrEqual(maxBytes)
      expect(disposition).toContain(`The Lamp (${at + 1} of ${parts.length}).m4b`)
      const { tags, pictures } = demux(bytes)
      expect([tags['title'], tags['disc']]).toEqual([
        `The Lamp (part ${at + 1} of ${parts.length})`,
        `${at + 1}/${parts.length}`,
      ])
      expect(pictures).toHaveLength(1)
    }
    expect(Buffer.concat(parts.map(({ bytes }) => framesIn(bytes))).equals(framesIn(whole))).toBe(true)
    // The first chapter of the next part would not fit.
    for (const { bytes } of parts.slice(0, -1)) {
      const [first, last = first] = heldIn(bytes)?.split('–').map(Number) ?? []
      const more = await bytesOf(novel.id, `&chapters=${first}-${last! + 1}`)
      expect(more.length + partTagBytes).toBeGreaterThan(maxBytes)
    }
  }

  // A chapter larger than the limit is a part of its own; with a large limit the whole novel is one part.
  const small = await partsOf(novel.id, '&maxBytes=1')
  expect(small.map(({ bytes }) => heldIn(bytes))).toEqual(['1', '2', '3', '4'])
  const [one, ...others] = await partsOf(novel.id, `&maxBytes=${2 ** 52}`)
  expect(others).toEqual([])
  expect(one?.bytes.equals(whole)).toBe(true)
  const second = await partsOf(novel.id, '&maxBytes=1&bookPart=book%20two')
  expect(second.map(({ bytes }) => demux(bytes).tags['title'])).toEqual([
    'The Lamp: Book Two: Morning (part 1 of 2)',
    'The Lamp: Book Two: Morning (part 2 of 2)',
  ])

  const ranged = await bookOf(novel.id, '&part=2&maxBytes=1', { headers: { range: 'bytes=100-199' } })
  expect(ranged.status).toBe(206)
  expect(Buffer.from(await ranged.bytes()).equals(small[1]!.bytes.subarray(100, 200))).toBe(true)
  for (const [query, status, word] of [
    ['&part=5&maxBytes=1', 404, 'there are 4 parts'],
    [`&part=2&maxBytes=${2 ** 52}`, 404, 'there is 1 part'],
    ['&maxBytes=1000', 422, 'part=2&maxBytes=500000000'],
    ['&part=1&of=2&maxBytes=1000', 422, 'choose one'],
    ['&part=1&maxBytes=0', 400, 'maxBytes'],
    ['&part=1&maxBytes=1e999', 400, 'maxBytes'],
    ['&part=1&maxBytes=500MB', 400, 'maxBytes'],
    ['&part=0&maxBytes=1000', 400, 'part'],
    ['&part=1&part=2&maxBytes=1000', 400, 'part'],
  ] as const) {
    expect(await refusal(novel.id, query)).toEqual([status, expect.stringContaining(word)])
  }
})

test('parts fetched by their links fit together even if chapters are completed meanwhile', async () => {
  const { novel } = await api.add(storyOf('Anna', 4), 'growing.txt')
  await api.finished(await api.generate(novel.id, [2, 4], sound))
  const query = '&maxBytes=1'
  const first = await bookOf(novel.id, `${query}&part=1`)
  await api.finished(await api.generate(novel.id, [1, 3], sound))
  const second = await api.fetch(linksOf(first)['next'] ?? '')
  expect(linksOf(second)).toEqual({ prev: expect.any(String), last: expect.any(String) })
  expect(framesIn(await first.bytes()).equals(await framesOf(novel.id, [2]))).toBe(true)
  expect(framesIn(await second.bytes()).equals(await framesOf(novel.id, [4]))).toBe(true)
  expect(await partsOf(novel.id, query)).toHaveLength(4)
})

test('chapters can be selected by number; unknown or unready ones are named in the error', async () => {
  const { novel } = await api.add(storyOf('Thomas', 5), 'chosen.txt')
  await api.finished(await api.generate(novel.id, [1, 2, 4], sound))
  const chosen = await bytesOf(novel.id, '&chapters=4,1-2')
  expect(heldIn(chosen)).toBe('1–2, 4')
  expect(framesIn(chosen).equals(await framesOf(novel.id, [1, 2, 4]))).toBe(true)
  const second = await bytesOf(novel.id, '&chapters=2')
  expect(framesIn(second).equals(await framesOf(novel.id, [2]))).toBe(true)
  const half = await bytesOf(novel.id, '&chapters=2,4&part=2&of=2')
  expect(framesIn(half).equals(await framesOf(novel.id, [4]))).toBe(true)
  for (const [query, status, word] of [
    ['&chapters=1-6', 404, 'no chapter 6; its chapters are numbered 1 to 5'],
    ['&chapters=10000', 404, 'no chapter 10000'],
    ['&chapters=1-3', 409, 'of its 5 segments are spoken'],
    ['&chapters=', 400, '1-3,7'],
    ['&chapters=3-1', 422, '1-3,7'],
    ['&chapters=1;DROP', 400, '1-3,7'],
    ['&chapters=1&chapters=2', 400, 'chapters'],
    [`&chapters=${'1,'.repeat(2000)}1`, 400, 'chapters'],
    ['&chapters=1&bookPart=Two', 404, 'no parts of its own'],
  ] as const) {
    expect(await refusal(novel.id, query)).toEqual([status, expect.stringContaining(word)])
  }

  // A chapter that is not narrated but spoken is left out by default and can be selected.
  const patched = await api.fetch(`/api/novels/${novel.id}/chapters/2`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ narrated: false }),
  })
  expect(patched.status).toBe(200)
  expect(heldIn(await bytesOf(novel.id))).toBe('1, 3')
  expect(framesIn(await bytesOf(novel.id)).equals(await framesOf(novel.id, [1, 4]))).toBe(true)
  expect(framesIn(await bytesOf(novel.id, '&chapters=2')).equals(framesIn(second))).toBe(true)
})

test('a selected chapter outside the requested part of the book is named in the error', async () => {
  const { novel } = await api.add(await novelInParts(), 'lamp.epub')
  await api.finished(await api.generate(novel.id, undefined, sound))
  expect(await refusal(novel.id, '&chapters=2-3&bookPart=book%20two')).toEqual([
    409,
    expect.stringMatching(/^Chapter 2 cannot .* not in the part/),
  ])
  expect(demux(await bytesOf(novel.id, '&chapters=4&bookPart=book%20two')).tags).toMatchObject({
    title: 'The Lamp: Book Two: Morning',
    comment: 'Chapter 4 of 4',
  })
})
