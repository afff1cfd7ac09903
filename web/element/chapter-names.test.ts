import { expect, test } from 'vitest'
import { chapterPlace, chapterName, chapterNumbers, shortName } from './chapter-names.ts'

type Matter = 'front' | 'body' | 'back'
/** A number behind a title is the one that it says. */
const book = (...titles: readonly (string | [title: string, of: Matter | number])[]) =>
  titles.map((entry, at) => {
    const [title, of] = typeof entry === 'string' ? ([entry, 'body'] as const) : entry
    return typeof of === 'number'
      ? { number: at + 1, title, matter: 'body' as const, ownNumber: of }
      : { number: at + 1, title, matter: of }
  })
const titled = (number: number): [string, number] => [`Chapter ${number}`, number]
/** A story whose titles say these numbers, and nothing else. */
const counted = (...numbers: readonly number[]) => book(...numbers.map(titled))
const numbersOf = (chapters: ReturnType<typeof book>) => {
  const numbers = chapterNumbers(chapters)
  return chapters.map(({ number }) => numbers.get(number))
}

test('what stands before the story is not counted', () => {
  const chapters = book(['Title page', 'front'], ['Preface', 'front'], 'The Lamp', 'The River', [
    'Notes',
    'back',
  ])
  expect(numbersOf(chapters)).toEqual([undefined, undefined, 1, 2, undefined])
})

test('the book’s own numbers come first: a prologue does not move them', () => {
  const chapters = book('Prologue', ['Chapter One', 1], ['Chapter Two', 2], 'Interlude', ['Chapter Three', 3])
  expect(numbersOf(chapters)).toEqual([undefined, 1, 2, undefined, 3])
  // A book that begins in the middle of a series.
  expect(numbersOf(counted(101, 102))).toEqual([101, 102])
})

test('numbers that begin again in each part tell no chapters apart, so they are counted through', () => {
  expect(numbersOf(counted(1, 2, 1, 2, 3))).toEqual([1, 2, 3, 4, 5])
  // Also where one part is far shorter than the other.
  const twelve = Array.from({ length: 12 }, (_, at) => at + 1)
  expect(numbersOf(counted(...twelve, 1, 2)).at(-1)).toBe(14)
  expect(numbersOf(counted(1, 2, ...twelve))).toEqual([...twelve, 13, 14])
})

test('a single title that seems to have a number makes no count', () => {
  expect(numbersOf(book(['I remember', 1], 'The Lamp', 'The River'))).toEqual([1, 2, 3])
})

test('one number out of the row does not spoil the others', () => {
  const twenty = Array.from({ length: 20 }, (_, at) => at + 1)
  expect(numbersOf(book('Prologue', ...twenty.with(9, 2000).map(titled)))).toEqual([
    undefined,
    ...twenty.map((number) => (number === 10 ? undefined : number)),
  ])
  // More than a few are no slips.
  expect(numbersOf(counted(5, 1, 9, 2, 7))).toEqual([1, 2, 3, 4, 5])
})

test('a chapter is called by its title, and by its number only without one', () => {
  const chapters = book(['Preface', 'front'], 'The Lamp', '', ['', 'back'])
  const numbers = chapterNumbers(chapters)
  expect(chapters.map((each) => chapterName(each, numbers))).toEqual([
    'Preface',
    'The Lamp',
    'Chapter 2',
    'Without a title',
  ])
  expect(chapters.map((each) => shortName(each, numbers))).toEqual([
    '“Preface”',
    'chapter 1',
    'chapter 2',
    '“without a title”',
  ])
})

test('where chapters begin again in each part, the part is told with them', () => {
  const [first, ...others] = book('I', 'II', 'I')
  const chapters = [first!, ...others.map((chapter) => ({ ...chapter, part: 'Book II' }))]
  const numbers = chapterNumbers(chapters)
  expect(chapters.map((each) => chapterPlace(each, numbers))).toEqual(['I', 'Book II · II', 'Book II · I'])
})
