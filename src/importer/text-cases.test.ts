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
