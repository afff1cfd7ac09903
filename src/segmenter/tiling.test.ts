import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { importBook } from '../importer/importer.ts'
import type { Block, BlockKind, Skip, Chapter } from '../novel/novel.ts'
import { sourceRange, type Segment, type SegmentedChapter } from '../novel/segment.ts'
import { segmentChapter } from './segmenter.ts'

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

type Text = Pick<Chapter, 'blocks' | 'skips'>

/** The violations in a chapter's segments, in words; empty if they are correct. */
function faultsOf(chapter: Text, { segments, skips }: SegmentedChapter): string[] {
  const faults: string[] = []
  const blocks = chapter.blocks.map(({ text }, block) =>
    [...segments, ...skips]
      .filter((part) => part.block === block && part.end > part.start)
      .toSorted((a, b) => a.start - b.start)
      .reduce((at, { start, end }) => {
        if (start !== at) faults.push(`block ${block}: ${start} after ${at} in ${JSON.stringify(text)}`)
        return end
      }, 0),
  )
  for (const [block, end] of blocks.entries()) {
    if (end !== chapter.blocks[block]?.text.length) faults.push(`block ${block} ends at ${end}`)
  }
  for (const [i, { block, start }] of segments.entries()) {
    const text = chapter.blocks[block]?.text ?? ''
    const touches = segments[i - 1]?.block === block && segments[i - 1]?.end === start
    if (
      touches &&
      !/[ -~“‘]/.test(text[start] ?? '') &&
      graphemes.segment(text).containing(start)?.index !== start
    ) {
      faults.push(`block ${block}: a cut inside a character at ${start} in ${JSON.stringify(text)}`)
    }
  }
  for (const segment of segments) faults.push(...faultsOfSegment(chapter, segment))
  const given = chapter.skips.filter((skip) => !skips.includes(skip))
  if (given.length > 0) faults.push(`${given.length} skips of the chapter are lost`)
  return faults
}

function faultsOfSegment(chapter: Text, segment: Segment): string[] {
  const { block, start, end, spoken, edits } = segment
  const text = chapter.blocks[block]?.text ?? ''
  const source = text.slice(start, end)
  const faults: string[] = []
  const fault = (what: string) => faults.push(`${what}: ${JSON.stringify({ source, spoken, edits })}`)
  if (!/[\p{L}\p{N}]/u.test(spoken)) fault('nothing to say')
  if (spoken !== spoken.trim() || /[^\S ]| {2}/.test(spoken)) fault('not one trimmed line')
  if (source.length > 350) fault(`${source.length} characters`)
  let [at, spokenAt] = [0, 0]
  for (const [from, to, spokenFrom, spokenTo] of [
    ...edits,
    [source.length, source.length, spoken.length, 0],
  ]) {
    if (source.slice(at, from) !== spoken.slice(spokenAt, spokenFrom)) fault(`edits do not fit at ${at}`)
    ;[at, spokenAt] = [to, spokenTo]
  }
  for (const { index, 0: word } of spoken.matchAll(/\S+/g)) {
    const range = sourceRange(segment, index, index + word.length)
    if (range.start < start || range.end > end || range.end <= range.start) fault(`"${word}" is nowhere`)
  }
  return faults
}

/** Mulberry32: a seeded stream of numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const scraps =
  'the|He|said|Mr.|Dr|I|XIV|Chapter|Louis|VIII|IT WAS|NASA|M.|z. B.|TP.HCM|3. Oktober|$5.50|3/4/1998|5 km|30 °C|No. 5|1914-18|' +
  '$x^2$|\\(\\frac{1}{2}\\)|$|\\|II Kings|1.500|15,5%|Глава 12|т. д.|' +
  '2024年|他走了。|“好！”|……|——|「行」|，|、|1000|Đi!|không|Été|ça|naïve|ß|e\u0301|\u0301|\u200b|\u00ad|\u200d|😀|👩‍👩‍👧|🇻🇳|𠀀|\ud83d|\udc00|' +
  '.|!|?|…|. . .|...|,|;|:|—|--|-|(|)|[|]|[12]|*|***|_|†|~|“|”|‘|’|"|\'|«|»|„|\n|\u00a0|\u3000|\t|  |•|№|http://a.bc/d?e|www.|@|#|½|²|ﬁ|Ａ|１|' +
  'extraordinarily|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|汉字汉字汉字汉字汉字汉字汉字汉字|สวัสดีครับ|नमस्ते।|مرحبا؟'
const words = scraps.split('|')
const kinds: readonly BlockKind[] = ['paragraph', 'paragraph', 'verse', 'heading', 'scene-break']
const languages = ['en', 'en-GB', 'fr', 'de', 'es', 'it', 'pt-PT', 'vi', 'zh', 'ja', 'ru', 'und', 'tlh']

function randomChapter(random: () => number): Text {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  const blocks: Block[] = []
  const skips: Skip[] = []
  for (let block = 0; block < 6; block++) {
    let text = ''
    const length = Math.floor(random() ** 2 * 120)
    for (let i = 0; i < length; i++) text += pick(words) + (random() < 0.7 ? ' ' : '')
    blocks.push({ kind: pick(kinds), text })
    if (random() < 0.3) {
      const start = wholeAt(text, Math.floor(random() * text.length))
      const end = wholeAt(text, Math.min(text.length, start + Math.floor(random() * 6)))
      skips.push({ block, start, end, reason: 'note' })
    }
  }
  return { blocks, skips }
}

/** `at`, or one less inside a surrogate pair. */
function wholeAt(text: string, at: number): number {
  return /^[\udc00-\udfff]/.test(text.slice(at)) && at > 0 ? at - 1 : at
}

test('segments and skips tile any text, and edits map back to it', () => {
  const random = seeded(20260)
  for (let round = 0; round < 1500; round++) {
    const chapter = randomChapter(random)
    const language = languages[round % languages.length]!
    expect(faultsOf(chapter, segmentChapter(chapter, language)), `round ${round}, ${language}`).toEqual([])
  }
})

const booksFolder = new URL('../../../shared/books/', import.meta.url)
const books = [
  'alice.txt',
  'candide-latin1.txt',
  'childrens-literature.epub',
  'die-verwandlung-latin1.txt',
  'frankenstein.epub',
  'the-time-machine.epub',
  'the-waste-land.epub',
  'war-and-peace.epub',
  'war-and-peace.txt',
  'xiyouji.txt',
]

test.skipIf(!existsSync(booksFolder)).each(books)(
  '%s is tiled without gaps (needs ../shared/books)',
  async (book) => {
    const { chapters, language } = await importBook(fileURLToPath(new URL(book, booksFolder)), book)
    const cut = chapters.map((chapter) => segmentChapter(chapter, language))
    expect(chapters.flatMap((chapter, i) => faultsOf(chapter, cut[i]!)).slice(0, 5)).toEqual([])
    if (!book.startsWith('war')) return
    const segments = cut.flatMap((chapter) => chapter.segments)
    const lengths = segments.map(({ start, end }) => end - start).toSorted((a, b) => a - b)
    expect(segments.length).toBeGreaterThan(29_000)
    expect(segments.length).toBeLessThan(36_000)
    expect(lengths[lengths.length >> 1]).toBeGreaterThan(75)
    expect(lengths[lengths.length >> 1]).toBeLessThan(105)
  },
)
