import { expect, test } from 'vitest'
import { captionScreens } from './caption-lines.ts'

function screensOf(text: string): string[][] {
  return captionScreens(text).map((lines) => lines.map(({ start, end }) => text.slice(start, end)))
}

test('a short sentence is one line', () => {
  expect(screensOf('The lamp was lit.')).toEqual([['The lamp was lit.']])
})

test('a longer sentence is two lines of about the same length, broken at punctuation', () => {
  expect(screensOf('When he looked up, the lamp that he had lit was out.')).toEqual([
    ['When he looked up,', 'the lamp that he had lit was out.'],
  ])
})

test('a long sentence is several screens of two lines, none longer than 42 columns, and no word is lost', () => {
  const text =
    'The ferryman had lit his lamp before the rain came, and now he sat under the old willow and waited, while ' +
    'the dog, who had seen many such nights, slept at his feet; and nobody crossed the river until the morning.'
  const screens = screensOf(text)
  expect(screens.flat().join(' ')).toBe(text)
  expect(screens.length).toBeGreaterThan(2)
  for (const lines of screens) {
    expect(lines.length).toBeLessThanOrEqual(2)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(42)
  }
})

test('lines of verse stay lines, two at a time', () => {
  expect(
    screensOf(
      'April is the cruellest month, breeding\nLilacs out of the dead land, mixing\nMemory and desire',
    ),
  ).toEqual([
    ['April is the cruellest month, breeding', 'Lilacs out of the dead land, mixing'],
    ['Memory and desire'],
  ])
})

test('no line begins with closing punctuation', () => {
  const lines = screensOf(
    'And then, quite out of nowhere, she said: “No! Not today, and not tomorrow!” he heard.',
  ).flat()
  for (const line of lines) expect(line).not.toMatch(/^[”!?,.;:]/)
})

test('Chinese breaks between characters, never before punctuation', () => {
  const text =
    '話說天下大勢，分久必合，合久必分。周末七國分爭，并入於秦；及秦滅之後，楚、漢分爭，又并入於漢。'
  const lines = screensOf(text).flat()
  expect(lines.join('')).toBe(text)
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(21)
    expect(line).not.toMatch(/^[，。；、]/)
  }
})

test('Thai, which is written without spaces, breaks between words', () => {
  const text = 'ชายคนเรือได้จุดตะเกียงของเขาก่อนที่ฝนจะมาและตอนนี้เขานั่งรออยู่ใต้ต้นหลิวเก่าแก่ริมแม่น้ำ'
  const lines = screensOf(text).flat()
  expect(lines.join('')).toBe(text)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(42)
})

test('text without a break opportunity is cut where the line is full', () => {
  const lines = screensOf('a'.repeat(100)).flat()
  expect(lines.map((line) => line.length)).toEqual([42, 42, 16])
})
