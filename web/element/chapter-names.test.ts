import { expect, test } from 'vitest'
import { chapterName, chapterNumbers, numberInTitle, shortName } from './chapter-names.ts'

type Matter = 'front' | 'body' | 'back'
const book = (...titles: readonly (string | [title: string, matter: Matter])[]) =>
  titles.map((entry, at) => {
    const [title, matter] = typeof entry === 'string' ? ([entry, 'body'] as const) : entry
    return { number: at + 1, title, matter }
  })
const numbersOf = (chapters: ReturnType<typeof book>) => {
  const numbers = chapterNumbers(chapters)
  return chapters.map(({ number }) => numbers.get(number))
}

test('a title’s own number is read, whatever it is written in', () => {
  expect(numberInTitle('Chapter 12: The Ford')).toBe(12)
  expect(numberInTitle('XIV. The Ford')).toBe(14)
  expect(numberInTitle('CHAPTER IX')).toBe(9)
  expect(numberInTitle('Chương 3 – Làng nhỏ')).toBe(3)
  expect(numberInTitle('第一百二十三章 归来')).toBe(123)
  expect(numberInTitle('第二〇回')).toBe(20)
  expect(numberInTitle('第十二回 灵根')).toBe(12)
  expect(numberInTitle('7')).toBe(7)
  expect(numberInTitle('The Lamp')).toBeUndefined()
  expect(numberInTitle('I remember')).toBe(1)
  expect(numberInTitle('Civil war')).toBeUndefined()
  expect(numberInTitle('')).toBeUndefined()
})

test('what stands before the story is not counted', () => {
  const chapters = book(['Title page', 'front'], ['Preface', 'front'], 'The Lamp', 'The River', [
    'Notes',
    'back',
  ])
  expect(numbersOf(chapters)).toEqual([undefined, undefined, 1, 2, undefined])
})

test('the book’s own numbers come first: a prologue does not move them', () => {
  expect(numbersOf(book('Prologue', 'Chapter 1', 'Chapter 2', 'Interlude', 'Chapter 3'))).toEqual([
    undefined,
    1,
    2,
    undefined,
    3,
  ])
  // A book that begins in the middle of a series.
  expect(numbersOf(book('Chapter 101', 'Chapter 102'))).toEqual([101, 102])
})

test('numbers that begin again in each part tell no chapters apart, so they are counted through', () => {
  expect(numbersOf(book('I', 'II', 'I', 'II', 'III'))).toEqual([1, 2, 3, 4, 5])
})

test('a single title that seems to have a number makes no count', () => {
  expect(numbersOf(book('I remember', 'The Lamp', 'The River'))).toEqual([1, 2, 3])
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
