import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Chapter, Matter, ImportedNovel } from '../novel/novel.ts'
import { importBook } from './importer.ts'

// Whole books, each compared with its own table of contents.

interface Expected {
  readonly title: string
  readonly author: string
  readonly language: string
  readonly evidence: string
  /** Number of chapters of front, body and back matter. */
  readonly counts: Readonly<Record<Matter, number>>
  /** Chapter numbers, from 1, with their part and title. */
  readonly chapters: Readonly<Record<number, string>>
  /** Beginning and end of the narrated text, without headings. */
  readonly first: string
  readonly last: string
  readonly cover?: string
}

const titleOf = ({ part, title }: Chapter): string => (part === undefined ? title : `${part} | ${title}`)

const books: Readonly<Record<string, Expected>> = {
  'the-time-machine.epub': {
    title: 'The Time Machine',
    author: 'H. G. Wells',
    language: 'en-GB',
    evidence: 'nav',
    counts: { front: 2, body: 13, back: 3 },
    chapters: {
      1: 'Titlepage',
      2: 'Imprint',
      3: 'I',
      14: 'XII',
      15: 'Epilogue',
      16: 'Endnotes',
      18: 'Uncopyright',
    },
    first: 'The Time Traveller (for so it will be convenient to speak of him)',
    last: 'still lived on in the heart of man.',
    cover: 'image/svg+xml',
  },
  'frankenstein.epub': {
    title: 'Frankenstein',
    author: 'Mary Shelley',
    language: 'en-GB',
    evidence: 'nav',
    // Body: introduction, preface, epigraph, 4 letters, 24 chapters, Walton’s continuation.
    counts: { front: 4, body: 32, back: 3 },
    chapters: {
      3: 'Introduction',
      5: 'Dedication',
      7: 'Frankenstein',
      8: 'Letter I',
      12: 'Chapter I',
      35: 'Chapter XXIV',
      36: 'Chapter XXIV | Walton, in Continuation',
    },
    first: 'The Publishers of the Standard Novels',
    last: 'lost in darkness and distance.',
    cover: 'image/svg+xml',
  },
  'war-and-peace.epub': {
    title: 'War and Peace',
    author: 'Leo Tolstoy',
    language: 'en-US',
    evidence: 'nav',
    // 336 chapters in 15 parts, and 16 and 12 of the epilogues.
    counts: { front: 4, body: 364, back: 3 },
    chapters: {
      3: 'Dramatis Personae',
      5: 'Book I · Part I: 1805 | I',
      368: 'Epilogue · Second Epilogue | XII',
      369: 'Endnotes',
    },
    first: '“Well, Prince, so Genoa and Lucca',
    last: 'a dependence of which we are not conscious.',
    cover: 'image/svg+xml',
  },
  'childrens-literature.epub': {
    title: "Children's Literature",
    author: 'Charles Madison Curry, Erle Elsworth Clippinger',
    language: 'en',
    evidence: 'nav',
    // One chapter of apparatus, 15 stories, the first of which is in five entries.
    counts: { front: 1, body: 20, back: 0 },
    chapters: {
      2: 'SECTION IV FAIRY STORIES—MODERN FANTASTIC TALES | INTRODUCTORY',
      9: 'SECTION IV FAIRY STORIES—MODERN FANTASTIC TALES · Hans Christian Andersen | 192 THE REAL PRINCESS',
    },
    first: 'The difficulties of classification are very apparent here',
    last: 'The Black Brothers.',
    cover: 'image/png',
  },
  'the-waste-land.epub': {
    title: 'The Waste Land',
    author: 'T.S. Eliot',
    language: 'en-US',
    evidence: 'nav',
    counts: { front: 1, body: 5, back: 1 },
    chapters: { 1: 'The Waste Land', 2: 'I. THE BURIAL OF THE DEAD', 7: 'NOTES ON "THE WASTE LAND"' },
    first: 'April is the cruellest month, breeding\nLilacs out of the dead land',
    last: 'Shantih shantih shantih',
    cover: 'image/jpeg',
  },
  'alice.txt': {
    title: 'Alice’s Adventures in Wonderland',
    author: 'Lewis Carroll',
    language: 'en',
    evidence: 'headings',
    counts: { front: 0, body: 12, back: 0 },
    chapters: { 1: 'CHAPTER I. Down the Rabbit-Hole', 12: 'CHAPTER XII. Alice’s Evidence' },
    first: 'Alice was beginning to get very tired of sitting by her sister on the bank',
    last: 'THE END',
  },
  'war-and-peace.txt': {
    title: 'War and Peace',
    author: 'Leo Tolstoy',
    language: 'en',
    evidence: 'headings',
    counts: { front: 0, body: 365, back: 0 },
    chapters: {
      1: 'BOOK ONE: 1805 | CHAPTER I',
      29: 'BOOK TWO: 1805 | CHAPTER I',
      365: 'SECOND EPILOGUE | CHAPTER XII',
    },
    first: '“Well, Prince, so Genoa and Lucca',
    last: 'a dependence of which we are not conscious.',
  },
  'candide-latin1.txt': {
    title: 'Candide',
    author: 'Voltaire',
    language: 'fr',
    evidence: 'headings',
    // The editor’s preface, and thirty chapters; “Conclusion” is the title of the thirtieth.
    counts: { front: 1, body: 30, back: 0 },
    chapters: {
      1: "Préface de l'Éditeur",
      2: "CHAPITRE I. Comment Candide fut élevé dans un beau château, et comment il fut chassé d'icelui.",
      23: 'CHAPITRE XXII. Ce qui arriva en France à Candide et à Martin.',
      31: 'CHAPITRE XXX. Conclusion.',
    },
    first: 'Il y avait en Vestphalie, dans le château de M. le baron de Thunder-ten-tronckh',
    last: 'FIN DE CANDIDE.',
  },
  'die-verwandlung-latin1.txt': {
    title: 'Die Verwandlung',
    author: 'Franz Kafka',
    language: 'de',
    evidence: 'numbered-lines',
    counts: { front: 0, body: 3, back: 0 },
    chapters: { 1: 'I.', 2: 'II.', 3: 'III.' },
    first: 'Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem Bett',
    last: 'und ihren jungen Körper dehnte.',
  },
  'xiyouji.txt': {
    title: '西游记',
    author: '',
    language: 'zh',
    evidence: 'headings',
    counts: { front: 0, body: 100, back: 0 },
    chapters: {
      1: '第一回 灵根育孕源流出 心性修持大道生',
      9: '第九回 袁守诚妙算无私曲 老龙王拙计犯天条',
      100: '第一百回 径回东土 五圣成真',
    },
    first: '诗曰：',
    last: '《西游记》至此终。',
  },
}

/** Text that would be spoken if a frame, a banner, a note or a table of contents were not removed. */
const unwanted = /Project Gutenberg|Full License|xstt5|《》目录|\.{4,}\s*\d+$/i

const booksFolder = new URL('../../../shared/books/', import.meta.url)

function narrated({ chapters }: ImportedNovel): Chapter[] {
  return chapters.filter(({ matter }) => matter === 'body')
}

for (const [file, expected] of Object.entries(books)) {
  const path = fileURLToPath(new URL(file, booksFolder))
  test.skipIf(!existsSync(path))(`${file} is imported as it is (needs ../shared/books)`, async () => {
    const novel = await importBook(path, file)
    const { title, author, language, report } = novel
    expect({ title, author, language, evidence: report.evidence }).toEqual({
      title: expected.title,
      author: expected.author,
      language: expected.language,
      evidence: expected.evidence,
    })
    const counts = { front: 0, body: 0, back: 0 }
    for (const { matter } of novel.chapters) counts[matter] += 1
    expect(counts).toEqual(expected.counts)
    for (const [number, titled] of Object.entries(expected.chapters))
      expect(titleOf(novel.chapters[Number(number) - 1]!)).toBe(titled)
    const blocks = narrated(novel)
      .flatMap((chapter) => chapter.blocks)
      .filter(({ kind }) => kind !== 'heading')
    expect(blocks[0]?.text.startsWith(expected.first)).toBe(true)
    expect(blocks.at(-1)?.text.endsWith(expected.last)).toBe(true)
    expect(blocks.filter(({ text }) => unwanted.test(text))).toEqual([])
    expect(novel.cover?.mediaType).toBe(expected.cover)
    expect(report.chapters).toBe(novel.chapters.length)
  })
}
