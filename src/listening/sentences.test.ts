import { expect, test } from 'vitest'
import { sentencesOf } from './sentences.ts'

const said = (text: string, language = 'en') =>
  [...sentencesOf(text, language)].map(({ spoken, pause }) => `${spoken} (${pause})`)

test('a text is spoken a sentence at a time, with a longer pause after its paragraphs', () => {
  const text =
    'The door was open when he came. Nobody had expected him so early!\r\n\r\nHe went in and looked around the room.\nThen he sat down by the window.'
  expect(said(text)).toEqual([
    'The door was open when he came. (sentence)',
    'Nobody had expected him so early! (paragraph)',
    'He went in and looked around the room. (paragraph)',
    'Then he sat down by the window. (sentence)',
  ])
})

test('lines that were broken at some width are one paragraph', () => {
  const text = `It was a bright cold day in the middle of April, and all the
clocks of the town were striking one after the other while the
people in the streets went home through the rain without a word.

Nobody looked up at the tower as they went, for they all knew the
time without it, and none of them had any wish to know it better.`
  const spoken = [...sentencesOf(text, 'en')]
  expect(spoken.map(({ spoken }) => spoken).join(' ')).toBe(text.replaceAll(/\s+/g, ' '))
  expect(spoken.filter(({ pause }) => pause === 'paragraph')).toHaveLength(1)
})

test('a scene break is a pause and nothing that is spoken', () => {
  expect(said('He closed the door behind him.\n\n* * *\n\nThe next day was a Sunday.')).toEqual([
    'He closed the door behind him. (section)',
    'The next day was a Sunday. (sentence)',
  ])
})

test('numbers and marks are spoken as the voice’s language has them', () => {
  expect(said('他走了。')).toEqual(['他走了。 (sentence)'])
  expect(said('Ludwig XIV. war König.', 'de')).toEqual(['Ludwig der Vierzehnte war König. (sentence)'])
})

test('where there is no letter and no digit, nothing is spoken', () => {
  for (const text of ['', ' \n\t', '…', '***\n\n—', '。']) expect(said(text)).toEqual([])
})
