import { expect, test } from 'vitest'
import { spokenWords, textWords } from './text-words.ts'

test.each([
  ['“Don’t,” he said.', ['Don’t', 'he', 'said']],
  ['an out-of-the-way place', ['an', 'out-of-the-way', 'place']],
  ['1,234.5 at 10:30 in the U.S.A.', ['1,234.5', 'at', '10:30', 'in', 'the', 'U.S.A']],
  ['well—yes--no… so', ['well', 'yes', 'no', 'so']],
  ['Anh ấy đã đi rồi.', ['Anh', 'ấy', 'đã', 'đi', 'rồi']],
  ['He left.Then', ['He', 'left', 'Then']],
  ['…', []],
])('the words of %s', (text, words) => {
  expect(textWords(text).map(({ start, end }) => text.slice(start, end))).toEqual(words)
})

/** Events in the library's form: `[position, seconds]` for a word, `[position, seconds, phoneme]` within it. */
function wordsOf(text: string, events: readonly (readonly [number, number, string?])[]): string[] {
  const spoken = spokenWords(
    text,
    events.map(([position, seconds, phoneme]) =>
      phoneme === undefined ? { position, seconds } : { position, seconds, phoneme },
    ),
  )
  return spoken.map(
    ({ start, end, from, to, phonemes }) => `${text.slice(start, end)} ${phonemes} ${from}-${to}`,
  )
}

test('fused words are one', () => {
  expect(
    wordsOf('one of a kind', [
      [0, 0],
      [0, 0, 'w'],
      [4, 0.2],
      [4, 0.2, 'ə'],
      [4, 0.3, 'v'],
      [4, 0.4, 'ə'],
      [9, 0.5],
      [9, 0.5, 'k'],
      [9, 0.7, ''],
    ]),
  ).toEqual(['one w 0-0.2', 'of a əvə 0.2-0.5', 'kind k 0.5-0.7'])
})

test('a number with several events is one word that spans all of them', () => {
  expect(
    wordsOf('in 1999.', [
      [0, 0],
      [0, 0, 'ɪn'],
      [3, 0.2],
      [3, 0.2, 'n'],
      [4, 0.5],
      [4, 0.5, 'h'],
      [4, 0.9],
      [4, 0.9, 'n'],
      [8, 1.2, ''],
    ]),
  ).toEqual(['in ɪn 0-0.2', '1999 n h n 0.2-1.2'])
})

test('a position on the quotation mark before a word belongs to the word', () => {
  expect(
    wordsOf('“So” he', [
      [0, 0],
      [0, 0, 's'],
      [5, 0.3],
      [5, 0.3, 'h'],
    ]),
  ).toEqual(['So s 0-0.3', 'he h 0.3-0.3'])
})

test('Chinese is reported syllable by syllable, without punctuation', () => {
  expect(
    wordsOf('走了。好', [
      [0, 0],
      [0, 0, 'ts'],
      [1, 0.2],
      [1, 0.2, 'l'],
      [2, 0.4, ''],
      [3, 0.6],
      [3, 0.6, 'x'],
      [4, 0.8, ''],
    ]),
  ).toEqual(['走 ts 0-0.2', '了 l 0.2-0.4', '好 x 0.6-0.8'])
})

test('silence between clauses belongs to no word', () => {
  expect(
    wordsOf('No, go', [
      [0, 0.1],
      [0, 0.1, 'n'],
      [2, 0.3, ''],
      [2, 0.5, ''],
      [4, 0.6],
      [4, 0.6, 'g'],
      [6, 0.9, ''],
    ]),
  ).toEqual(['No n 0.1-0.3', 'go g 0.6-0.9'])
})
