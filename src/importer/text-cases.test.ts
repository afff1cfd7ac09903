import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { importBytes, listed, shown } from '../../test/fixtures/import-bytes.ts'
import type { ImportedNovel } from '../novel/novel.ts'

// Plain texts that were once imported wrongly, each with the correct result.

const cases = new URL('../../test/fixtures/cases/', import.meta.url)

async function read(name: string): Promise<ImportedNovel> {
  return importBytes(await readFile(new URL(name, cases)), name.replace(/^\w+\//, ''))
}

/** All skips, as `reason: text`. */
function skipped({ chapters }: ImportedNovel): string[] {
  return chapters.flatMap(({ skips }) => skips.map(({ reason, text = '' }) => `${reason}: ${text}`))
}

const paragraphs = ({ chapters }: ImportedNovel): string[] =>
  chapters.flatMap(({ blocks }) => blocks.filter(({ kind }) => kind === 'paragraph').map(({ text }) => text))

test('“CHAPTER” and its number on two lines are one heading, and no chapter is missed', async () => {
  const novel = await read('books/chapter-on-two-lines.txt')
  expect(novel.title).toBe('The Long Road')
  expect(listed(novel)).toEqual([
    'body | BOOK ONE | CHAPTER 1',
    'body | BOOK ONE | CHAPTER 2',
    'body | BOOK ONE | CHAPTER 3',
  ])
  expect(paragraphs(novel)[0]).toMatch(/^The road began/)
})

test('chapters come from the body, however the contents name them, and the contents are a skip', async () => {
  const novel = await read('books/contents-by-name.txt')
  expect(novel).toMatchObject({ title: 'THE MILL ON THE HILL', author: 'A. Writer' })
  expect(listed(novel)).toEqual([
    'body | BOOK THE FIRST. WATER | I. The Well',
    'body | BOOK THE FIRST. WATER | II. The Bucket',
    'body | BOOK THE SECOND. FIRE | I. The Hearth',
    'body | BOOK THE SECOND. FIRE | II. The Bellows',
  ])
  expect(skipped(novel).filter((line) => line.startsWith('table'))).toEqual([
    expect.stringMatching(/^table-of-contents: CONTENTS\n[^]*CHAPTER II The Bellows$/),
  ])
})

test('matter before the story is kept with remarks, and a sentence that begins with “BOOK I.” is prose', async () => {
  const novel = await read('books/front-that-is-not-contents.txt')
  expect(listed(novel)).toEqual([
    'front | ETYMOLOGY.',
    'front | EXTRACTS.',
    'body | CHAPTER 1. The Shore',
    'body | CHAPTER 2. The Boat',
  ])
  expect(shown(novel.chapters[2]!)[2]).toMatch(/^paragraph: BOOK I\. \(Large Fish\)/)
  expect(novel.report.remarks.join()).toContain('ETYMOLOGY')
})

test('lines of web sites and HTML tags are skips, and the title is the first line', async () => {
  const novel = await read('books/site-lines-and-tags.txt')
  expect(novel.title).toBe('风中的城')
  expect(novel.chapters.map(shown)).toEqual([
    [
      'heading: 第一章 城门',
      'paragraph: 城门在早晨打开。',
      'paragraph: 老人牵着一匹马走了进来，谁也不认识他。',
    ],
    ['heading: 第二章 井', 'paragraph: 井里没有水。', 'paragraph: 孩子们往下看，只看见自己的脸。'],
  ])
  expect(novel.report.skipped).toMatchObject({ advertisement: 2, markup: 2 })
})

test('the sentence below a bare heading is text', async () => {
  const novel = await read('books/sentence-after-heading.txt')
  expect(listed(novel)).toEqual(['body | Chương 1: Làng nhỏ', 'body | Chương 2', 'body | Chương 3'])
  expect((await read('reports/47-first-two-sentences.txt')).chapters.map(({ title }) => title)).toEqual(
    Array.from({ length: 10 }, (_, index) => `Chapter ${index + 1}`),
  )
})

test.each([
  ['15b-vi-quyen', ['Chương 1 - Khởi đầu', 'Chương 2 - Mưa', 'Chương 3 - Đi xa', 'Chương 4 - Gió']],
  ['15c-en-part', ['CHAPTER 1', 'CHAPTER 2', 'CHAPTER 3']],
  ['15e-en-title-part', ['CHAPTER 1', 'CHAPTER 2']],
  ['15h', ['The night before all this, the mill was on fire. I know who…', 'CHAPTER 1', 'CHAPTER 2']],
  ['15i', ['我要讲的故事发生在很久以前。那时候我还小。', '第一章 雪', '第二章 火']],
  ['11b-chapter-dot-title', ['chapter.844 归来', 'chapter.845 最后的一剑', 'chapter.846 雪夜']],
  ['45-cs', ['Kapitola 1', 'Kapitola 2', 'Kapitola 3']],
  ['45-id', ['Bab 1', 'Bab 2', 'Bab 3']],
  ['45-nl', ['Hoofdstuk 1', 'Hoofdstuk 2', 'Hoofdstuk 3']],
  ['45-uk', ['Розділ 1', 'Розділ 2', 'Розділ 3']],
])('%s has all its chapters, including the first', async (name, titles) => {
  const novel = await read(`reports/${name}.txt`)
  expect(novel.chapters.map(({ title }) => title)).toEqual(titles)
  expect(novel.chapters.every(({ matter }) => matter === 'body')).toBe(true)
})

test('words hyphenated at a line end are joined, and compounds keep their hyphen', async () => {
  const text = paragraphs(await read('reports/25b-hyphens.txt')).join(' ')
  expect(text).toContain('extraordinary and voluminous')
  expect(text).toContain('unfortunate misunderstanding')
  expect(text).toContain('her own well-being, and for her mother-in-law')
  expect(text).not.toMatch(/ext-|unf-/)
})

test.each([
  ['25c-width48', 40],
  ['25c-width60', 40],
  ['34b-wrap12', 12],
])('%s: lines wrapped at any width are joined to paragraphs', async (name, count) => {
  expect(paragraphs(await read(`reports/${name}.txt`))).toHaveLength(count)
})

test('end marks and requests for votes are skips at the end of their chapter', async () => {
  const novel = await read('reports/40-endmarks.txt')
  expect(novel.chapters.map(({ blocks, skips }) => [blocks.length, skips.map(({ text }) => text)])).toEqual(
    Array.from({ length: 3 }, () => [7, ['（本章完）', 'PS：求月票，求推荐票！']]),
  )
  expect(novel.report.skipped).toEqual({ 'end-mark': 3, advertisement: 3 })
})

test('Markdown is recognized: link texts are spoken, and footnotes are notes', async () => {
  const novel = await read('books/marked-up.txt')
  expect(novel.title).toBe('The Marked Book')
  expect(novel.report.format).toBe('markdown')
  expect(novel.chapters.map(shown)).toEqual([
    ['heading: The Marked Book'],
    [
      'heading: Chapter 1: The Quiet Start',
      'paragraph: He was very tired, and he said no to everyone.',
      'scene-break: ',
      'paragraph: The letter was short.',
    ],
    ['heading: Chapter 2', 'paragraph: The old well was dry.'],
  ])
  expect(listed(novel)).toEqual([
    'front | The Marked Book',
    'body | Chapter 1: The Quiet Start',
    'body | Chapter 2',
  ])
  expect(skipped(novel)).toEqual([
    'note-reference: [^1]',
    'image: a picture',
    'note: It had been dry for years.',
  ])
})

const importText = (text: string): Promise<ImportedNovel> => importBytes(text, 'lamp.txt')

test('lines of sites and end marks are skips also where no blank line is around them', async () => {
  const novel = await importText(
    [
      '第一章 灯\n灯亮了。他走进来。\n（本章未完，请翻页）\n老人没有说话。\n本书首发于某网',
      '第二章 雪\n雪下了一夜。没有人来。\n（第二章完）\nps：感谢大家的支持。\n【本章完】',
      '第三章 火\n火灭了。\n（本章完）',
      '第四章 风\n风停了。\n',
    ].join('\n'),
  )
  expect(skipped(novel)).toEqual([
    'end-mark: （本章未完，请翻页）',
    'advertisement: 本书首发于某网',
    'end-mark: （第二章完）',
    'advertisement: ps：感谢大家的支持。',
    'end-mark: 【本章完】',
    'end-mark: （本章完）',
  ])
  expect(paragraphs(novel)).toEqual([
    '灯亮了。他走进来。',
    '老人没有说话。',
    '雪下了一夜。没有人来。',
    '火灭了。',
    '风停了。',
  ])
})

test('in a wrapped text a line within a sentence is text, whatever it says', async () => {
  const line =
    'He had been told that the story was not at an end, that it would\ncontinua\nas the Italians say, and that he would find it in the next of the\nbooks which lay upon the table beside the lamp that nobody had lit.'
  const novel = await importText(`Chapter 1\n\n${line}\n\n${line}\n\nChapter 2\n\n${line}\n`)
  expect(skipped(novel)).toEqual([])
})

test('a paragraph of Markdown with a link is text, at the beginning of a file too', async () => {
  const novel = await importText(
    '# The Red Book\n\n## Chapter One\n\nHe was very tired. See [the mill](http://example.org/m "Mill") there.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\n## Chapter Two\n\nFive.\n\nShe ran to [the well](https://example.com).\n',
  )
  expect(paragraphs(novel)).toContain('He was very tired. See the mill there.')
  expect(paragraphs(novel)).toContain('She ran to the well.')
})

test('a compound whose hyphen ends a line keeps it', async () => {
  const text =
    'He was an extra-\nordinary man, with a well-\nknown face and a half-\nfinished letter in his hand. The re-\nmarkable thing was that he under-\nstood it, this self-\ntaught and extraordinary man.'
  const [first] = paragraphs(await importText(`CHAPTER I\n\n${text}\n\nCHAPTER II\n\n${text}\n`))
  expect(first).toBe(
    'He was an extraordinary man, with a well-known face and a half-finished letter in his hand. The remarkable thing was that he understood it, this self-taught and extraordinary man.',
  )
})

test('contents under the book’s own name are left out, however short', async () => {
  const chapters = (below: string): string => `第一章 灯\n${below}第二章 雪\n${below}`
  const novel = await importText(
    `《长夜》\n作者：无名\n\n《长夜》目录\n${chapters('')}\n${chapters('雪下了一夜。\n')}`,
  )
  expect(listed(novel)).toEqual(['body | 第一章 灯', 'body | 第二章 雪'])
  expect(skipped(novel)).toContain('table-of-contents: 《长夜》目录 第一章 灯 第二章 雪')
})

test('a title directly below a bare heading is its title, also where lines are not wrapped', async () => {
  const prose =
    'The mill stood by the river, and nobody came to see the old man who had lived there alone for years.'
  const novel = await importText(
    ['The Period', 'The Mail', 'The Night']
      .map((title, at) => `CHAPTER ${'I'.repeat(at + 1)}.\n${title}\n\n${prose}\n\n${prose}`)
      .join('\n\n'),
  )
  expect(listed(novel)).toEqual([
    'body | CHAPTER I. The Period',
    'body | CHAPTER II. The Mail',
    'body | CHAPTER III. The Night',
  ])
})
