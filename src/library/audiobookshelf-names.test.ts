import { expect, test } from 'vitest'
import { bookPath, audiobookshelfName } from './audiobookshelf-names.ts'

test.for([
  ['What is this? 1/2: "the" <end>', 'What is this 1 2 the end'],
  ['../../etc/passwd', 'etc passwd'],
  ['..', 'Untitled'],
  ['.hidden', 'hidden'],
  ['At the end...', 'At the end'],
  ['  two\n lines\u0000 ', 'two lines'],
  ['NUL', 'NUL_'],
  ['C:\\books', 'C books'],
  ['三國演義', '三國演義'],
  ['', 'Untitled'],
] as const)('%j becomes the name %j', ([title, name]) => {
  expect(audiobookshelfName(title)).toBe(name)
})

test('a long title is cut where a character ends, so that every file system takes it', () => {
  for (const character of ['e\u0301', '語', '👩‍👩‍👧', 'a']) {
    const name = audiobookshelfName(character.repeat(300))
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180)
    expect(name).toBe(character.normalize('NFC').repeat(name.length / character.normalize('NFC').length))
  }
})

test('a book lies by author, series and place in it, as far as they are known', () => {
  const [author, title] = ['Anna Bell', 'Salt']
  expect(bookPath({ author, title })).toBe('Anna Bell/Salt')
  expect(bookPath({ author, title }, 2)).toBe('Anna Bell/Salt (2)')
  expect(bookPath({ author: '', title, series: { name: 'The Sea' } })).toBe('Salt')
  expect(bookPath({ author, title, series: { name: 'The Sea' } })).toBe('Anna Bell/The Sea/Salt')
  for (const [position, place] of [
    ['2', '02 - '],
    ['12.5', '12.5 - '],
    ['II', ''],
    ['1 of 3', ''],
  ] as const) {
    const path = bookPath({ author, title, series: { name: 'The Sea', position } })
    expect(path).toBe(`Anna Bell/The Sea/${place}Salt`)
  }
})
