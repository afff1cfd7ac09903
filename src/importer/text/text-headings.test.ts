import { expect, test } from 'vitest'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'

const prose = 'It was a long way to the sea, and nobody who had gone there had come back to tell of it. '
  .repeat(4)
  .trim()
const chapters = (...titles: readonly string[]): string =>
  titles.map((title) => `${title}\n\n${prose}\n\n`).join('')
const titles = async (text: string): Promise<string[]> =>
  listed(await importBytes(text, 'a.txt')).map((line) => line.replace('body | ', ''))

test('parts contain chapters, whichever heading words they use; prologue and epilogue are outside of parts', async () => {
  expect(
    await titles(
      `${chapters('PROLOGUE')}VOLUME I\n\nBook One\n\n${chapters('Chapter 1', 'Chapter 2')}Book Two\n\n${chapters('Chapter 1')}VOLUME II\n\nBook One\n\n${chapters('Chapter 1', 'EPILOGUE')}`,
    ),
  ).toEqual([
    'PROLOGUE',
    'VOLUME I · Book One | Chapter 1',
    'VOLUME I · Book One | Chapter 2',
    'VOLUME I · Book Two | Chapter 1',
    'VOLUME II · Book One | Chapter 1',
    'EPILOGUE',
  ])
})

test('a part’s heading is joined to its first chapter, and a part without chapters is a chapter', async () => {
  const novel = await importBytes(
    `PART ONE\n\n${chapters('CHAPTER I', 'CHAPTER II')}PART TWO\n\n${prose}`,
    'a.txt',
  )
  expect(listed(novel)).toEqual([
    'body | PART ONE | CHAPTER I',
    'body | PART ONE | CHAPTER II',
    'body | PART TWO',
  ])
  expect(shown(novel.chapters[0]!).slice(0, 2)).toEqual(['heading: PART ONE', 'heading: CHAPTER I'])
})

test('bare numbers are chapters if they ascend, with a remark that asks to check', async () => {
  const novel = await importBytes(chapters('I.', 'II.', 'III.', 'IV.'), 'a.txt')
  expect(listed(novel)).toEqual(['body | I.', 'body | II.', 'body | III.', 'body | IV.'])
  expect(novel.report.evidence).toBe('numbered-lines')
  expect(novel.report.remarks.join()).toContain('bare numbers')
  expect(await titles(`PART ONE\n\n${chapters('1', '2')}PART TWO\n\n${chapters('1', '2')}`)).toEqual([
    'PART ONE | 1',
    'PART ONE | 2',
    'PART TWO | 1',
    'PART TWO | 2',
  ])
  expect(await titles(chapters('1. The Sea', '2. The Shore', '3. The End'))).toHaveLength(3)
  expect(await titles(chapters('一', '二', '三'))).toEqual(['一', '二', '三'])
})

test('numbers that do not ascend are text', async () => {
  expect((await importBytes(chapters('1812', '7', '3', '40'), 'a.txt')).report.evidence).toBe('whole-text')
})

test('a table of contents is left out and kept as a skip', async () => {
  const names = ['I. The Sea', 'II. The Shore', 'III. The Road', 'IV. The End'].map(
    (name) => `CHAPTER ${name}`,
  )
  const novel = await importBytes(
    `THE SEA\n\nCONTENTS\n\n${names.map((name, index) => `  ${name} ..... ${index + 1}`).join('\n\n')}\n\n${chapters(...names)}`,
    'a.txt',
  )
  expect(listed(novel)).toEqual(names.map((name) => `body | ${name}`))
  expect(novel.chapters[0]!.skips).toMatchObject([
    { block: 0, start: 0, end: 0, reason: 'title-page', text: 'THE SEA' },
    { block: 0, start: 0, end: 0, reason: 'table-of-contents' },
  ])
  expect(novel.chapters[0]!.skips[1]!.text).toMatch(/^CONTENTS\n[^]*CHAPTER IV\. The End/)
})

test('a list under “Contents” whose entries are not headings is left out too', async () => {
  const text = `Contents\n\nThe Sea ... 1\nThe Shore ... 9\nThe Road ... 17\nThe End ... 25\n\n${chapters('Chapter 1', 'Chapter 2', 'Chapter 3')}`
  const novel = await importBytes(text, 'a.txt')
  expect(novel.chapters).toHaveLength(3)
  expect(novel.chapters.flatMap(shown).join()).not.toContain('The Shore')
})

test('a preface between the contents and the first chapter is kept', async () => {
  const names = ['CHAPTER I', 'CHAPTER II', 'CHAPTER III', 'CHAPTER IV']
  expect(await titles(`${names.join('\n\n')}\n\nPREFACE\n\n${prose}\n\n${chapters(...names)}`)).toEqual([
    'PREFACE',
    ...names,
  ])
})

test('a repeated heading is read once, with a remark', async () => {
  const novel = await importBytes(
    `第1章 出山\n\n第1章 出山\n\n他走了。\n\n第2章 下山\n\n他回来了。\n\n第3章 回家\n\n他走了。`,
    'a.txt',
  )
  expect(shown(novel.chapters[0]!)).toEqual(['heading: 第1章 出山', 'paragraph: 他走了。'])
  expect(novel.chapters[0]!.skips).toEqual([
    { block: 1, start: 0, end: 0, reason: 'unspeakable', text: '第1章 出山' },
  ])
  expect(novel.report.remarks.join()).toContain('twice')
})

test('titles below bare numbers belong to the heading if all chapters have one', async () => {
  const text = ['I', 'II', 'III', 'IV']
    .map((number) => `CHAPTER ${number}.\n\nHow it went on, part ${number}.\n\n${prose}\n\n`)
    .join('')
  const novel = await importBytes(text, 'a.txt')
  expect(listed(novel)[0]).toBe('body | CHAPTER I. How it went on, part I.')
  expect(shown(novel.chapters[0]!)).toEqual([
    'heading: CHAPTER I.',
    'heading: How it went on, part I.',
    `paragraph: ${prose}`,
  ])
})

test('missing chapter numbers are remarked on', async () => {
  const novel = await importBytes(chapters('Chapter 1', 'Chapter 2', 'Chapter 4'), 'a.txt')
  expect(novel.report.remarks).toEqual([expect.stringContaining('after 2 comes 4')])
})

test('volume titles on the lines of chapter headings are parts', async () => {
  expect(
    await titles(
      '第一卷 青云 第一章 出山\n\n他走了。\n\n第一卷 青云 第二章 下山\n\n他走了。\n\n第二卷 大海 第三章 出海\n\n他走了。',
    ),
  ).toEqual([
    '第一卷 青云 | 第一卷 青云 第一章 出山',
    '第一卷 青云 | 第一卷 青云 第二章 下山',
    '第二卷 大海 | 第二卷 大海 第三章 出海',
  ])
})

test('an appendix between two numbered chapters does not change the numbers', async () => {
  expect(
    await titles(
      '第一回 一\n\n他走了。\n\n附录 江流\n\n他走了。\n\n第二回 二\n\n他走了。\n\n第三回 三\n\n他走了。',
    ),
  ).toHaveLength(3)
})

test('the name of a chapter alone is its heading if the contents list it', async () => {
  const novel = await importBytes(
    `DUBLIN\n\nby James Bell\n\nContents\n\n The Sisters\n An Encounter\n Araby\n After the Race\n\n\n${chapters('THE SISTERS', 'AN ENCOUNTER', 'ARABY', 'AFTER THE RACE')}`,
    'a.txt',
  )
  expect(novel).toMatchObject({ title: 'DUBLIN', author: 'James Bell' })
  expect(listed(novel)).toEqual([
    'body | THE SISTERS',
    'body | AN ENCOUNTER',
    'body | ARABY',
    'body | AFTER THE RACE',
  ])
})

test('matter before the story is recognized by its title, and its lines of capitals as the title page', async () => {
  const novel = await importBytes(
    `MOBY-BUCK;\n\nor, THE WHALE.\n\nBy H. Bell\n\nETYMOLOGY.\n\n${prose}\n\nEXTRACTS. (Supplied by a Friend).\n\n${prose}\n\nTHE AUTHOR’S DREAM\n\n${prose}\n\n${chapters('CHAPTER 1. Looms--_continued_', 'CHAPTER 2. Bags', 'CHAPTER 3. Inns')}`,
    'a.txt',
  )
  expect(novel).toMatchObject({ title: 'MOBY-BUCK', author: 'H. Bell' })
  expect(listed(novel)).toEqual([
    'front | ETYMOLOGY.',
    'body | THE AUTHOR’S DREAM',
    'body | CHAPTER 1. Looms--continued',
    'body | CHAPTER 2. Bags',
    'body | CHAPTER 3. Inns',
  ])
  expect(novel.report.skipped).toEqual({ 'title-page': 3 })
})

test('a table with dot leaders and page numbers is recognized, whatever its parts are called', async () => {
  const novel = await importBytes(
    `TREASURE\n\nCONTENTS\n\nPART ONE\n\nThe Old Sailor\n\n  1. THE DOG  . . . . 11\n  2. THE SPOT . . . . 17\n\nPART TWO\n\nThe Cook\n\n  3. THE SEA  . . . . 48\n  4. THE END . . . . . 60\n\n\nPART ONE\n\n${['1', '2'].map((number) => `${number}\n\nThe Dog ${number === '1' ? 'Barks' : 'Sleeps'}\n\n${prose}\n\n`).join('')}PART TWO\n\n${['3', '4'].map((number) => `${number}\n\nThe Sea ${number === '3' ? 'Roars' : 'Rests'}\n\n${prose}\n\n`).join('')}`,
    'a.txt',
  )
  expect(listed(novel)).toEqual([
    'body | PART ONE | 1: The Dog Barks',
    'body | PART ONE | 2: The Dog Sleeps',
    'body | PART TWO | 3: The Sea Roars',
    'body | PART TWO | 4: The Sea Rests',
  ])
})
