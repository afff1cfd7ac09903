import { expect, test } from 'vitest'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { chapterRows } from './chapter-rows.ts'
import { leftOutWords } from './left-out.ts'
import { select, selectWords } from './selection.ts'

const chapter = (number: number, more: Partial<ChapterListed> = {}): ChapterListed => ({
  number,
  title: `Chapter ${number}`,
  matter: 'body',
  characters: 1,
  narrated: true,
  status: 'none',
  segmentsDone: 0,
  segmentsTotal: 1,
  segmentsHeard: 0,
  ...more,
})
const picture = (rows: ReturnType<typeof chapterRows>) =>
  rows.map((row) => (row.kind === 'heading' ? row.title : row.chapter.number))

test('parts and what stands around the story get headings', () => {
  const book = [
    chapter(1, { matter: 'front' }),
    chapter(2, { part: 'Book One' }),
    chapter(3, { part: 'Book One' }),
    chapter(4, { part: 'Book Two' }),
    chapter(5, { matter: 'back' }),
  ]
  expect(picture(chapterRows(book))).toEqual([
    'Before the story',
    1,
    'Book One',
    2,
    3,
    'Book Two',
    4,
    'After the story',
    5,
  ])
})

test('what comes before the story comes before it only', () => {
  const book = [
    chapter(1, { matter: 'front' }),
    chapter(2),
    chapter(3, { matter: 'front' }),
    chapter(4),
    chapter(5, { matter: 'back' }),
  ]
  expect(picture(chapterRows(book))).toEqual([
    'Before the story',
    1,
    'The story',
    2,
    3,
    4,
    'After the story',
    5,
  ])
})

test('a plain book has no headings', () => {
  expect(picture(chapterRows([chapter(1), chapter(2)]))).toEqual([1, 2])
})

test('a search finds titles and exact numbers', () => {
  const book = Array.from({ length: 12 }, (_, at) => chapter(at + 1, { title: at === 4 ? 'The Storm' : 'x' }))
  expect(picture(chapterRows(book, 'storm'))).toEqual([5])
  expect(picture(chapterRows(book, '1'))).toEqual([1])
})

test('a search needs no accents, finds parts, and tells chapter 12 from chapter 120', () => {
  const book = Array.from({ length: 130 }, (_, at) =>
    chapter(at + 1, { title: `Chương ${at + 1}: Đêm`, part: `Quyển ${Math.floor(at / 50) + 1}` }),
  )
  expect(picture(chapterRows(book, 'chuong 12'))).toEqual(['Quyển 1', 12])
  expect(picture(chapterRows(book, 'QUYEN 3')).length).toBe(31)
  expect(picture(chapterRows(book, 'dem')).length).toBe(133)
  const plain = Array.from({ length: 12 }, (_, at) => chapter(at + 1, { title: `Night ${at}x` }))
  expect(
    picture(chapterRows(plain, 'chapter 7', new Map(plain.map(({ number }) => [number, number])))),
  ).toEqual([7])
})

test('a part that is folded shows its heading alone, unless something is searched for', () => {
  const book = [
    chapter(1, { part: 'One' }),
    chapter(2, { part: 'One' }),
    chapter(3, { part: 'Two' }),
    chapter(4, { part: 'One' }),
  ]
  const folded = new Set(['1 One'])
  expect(picture(chapterRows(book, '', undefined, folded))).toEqual(['One', 'Two', 3, 'One', 4])
  expect(chapterRows(book, '', undefined, folded)[0]).toMatchObject({ chapters: 2, folded: true })
  expect(picture(chapterRows(book, 'chapter 2', undefined, folded))).toEqual(['One', 2])
})

test('shift selects everything between, in either direction', () => {
  const order = [1, 2, 3, 4, 5]
  const list = { order, all: order }
  expect([...select(new Set([2]), list, 4, true, 2)]).toEqual([2, 3, 4])
  expect([...select(new Set(order), list, 2, false, 4)]).toEqual([1, 5])
  expect([...select(new Set(), list, 3, true)]).toEqual([3])
  expect([...select(new Set(), list, 3, true, 99)]).toEqual([3])
})

test('shift selects everything between two that were found one after the other', () => {
  const all = Array.from({ length: 300 }, (_, at) => at + 1)
  // 100 was found and ticked, then 200: in the list there is now 200 alone.
  const selected = select(new Set([100]), { order: [200], all }, 200, true, 100)
  expect(selected.size).toBe(101)
  // Two that stand in the same list: those between them there.
  expect([...select(new Set(), { order: [3, 40, 90], all }, 90, true, 3)]).toEqual([3, 40, 90])
})

test('a search finds ranges, by the numbers that are shown, with what stands between', () => {
  const book = [
    chapter(1, { title: 'Preface', matter: 'front' }),
    ...Array.from({ length: 6 }, (_, at) =>
      chapter(at + 2, { title: `Chapter ${at + 1}`, ownNumber: at + 1 }),
    ),
    chapter(8, { title: 'Interlude' }),
    chapter(9, { title: 'Chapter 7', ownNumber: 7 }),
  ]
  const found = (search: string) =>
    picture(chapterRows(book, search)).filter((row) => typeof row === 'number')
  expect(found('2-4, 6')).toEqual([3, 4, 5, 7])
  expect(found('6-7')).toEqual([7, 8, 9])
  expect(found('1-')).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
  expect(found('3')).toEqual([4])
  expect(found('9-12')).toEqual([])
})

test('what was left out is counted, the most first', () => {
  expect(leftOutWords({ image: 1, 'note-reference': 12, ruby: 0 })).toBe('12 note marks, 1 picture')
  expect(leftOutWords({})).toBe('')
})

test('a word is searched for in titles only, so “undefined” finds no chapter without a number', () => {
  const book = [chapter(1, { matter: 'front', title: 'Preface' }), chapter(2, { title: 'Undefined Things' })]
  expect(picture(chapterRows(book, 'undefined'))).toEqual(['The story', 2])
})

test('the box that ticks all says what it ticks, and when that is nothing', () => {
  expect(selectWords(0, undefined)).toBe('Select all')
  expect(selectWords(0, 102)).toBe('Select the 102 found')
  expect(selectWords(0, 0)).toBe('Nothing found to select')
  expect(selectWords(3, 0)).toBe('3 selected')
})
