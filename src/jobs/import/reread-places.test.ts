import { expect, test } from 'vitest'
import type { Chapter } from '../../novel/novel.ts'
import { PresentChapters } from './present-chapters.ts'
import { placePresent } from './reread-places.ts'

function chapter(...texts: string[]): Chapter {
  const blocks = texts.map((text) => ({ kind: 'paragraph' as const, text }))
  return { title: '', matter: 'body', blocks, skips: [] }
}

function places(present: readonly (readonly string[])[], book: readonly Chapter[]) {
  const chapters = new PresentChapters()
  for (const texts of present)
    chapters.add({
      title: '',
      part: null,
      narrated: true,
      blocks: JSON.stringify(texts.map((text) => ({ text }))),
      skips: '[]',
      segments: '[]',
    })
  return placePresent(chapters, book).map((pieces) =>
    pieces?.map(({ chapter: at, start, end }) => `${at}:${start}-${end}`),
  )
}

test('merged, split and moved chapters are found in the book, each of its blocks once', () => {
  const book = [chapter('a', 'b'), chapter('c', 'd'), chapter('* * *', 'e'), chapter('* * *', 'f')]
  expect(
    places(
      [
        ['d', '* * *', 'e'],
        ['a', 'b', 'c'],
        ['* * *', 'f'],
      ],
      book,
    ),
  ).toEqual([['1:1-2', '2:0-2'], ['0:0-2', '1:0-1'], ['3:0-2']])
})

test('a chapter that the book does not have like this is not found', () => {
  const book = [chapter('a', 'b'), chapter('c')]
  expect(places([['a', 'restored', 'b'], ['c'], [], ['c']], book)).toEqual([
    undefined,
    ['1:0-1'],
    undefined,
    undefined,
  ])
})

test('a whole chapter is found by its letters, however it is divided', () => {
  const book = [chapter('One: two', 'three.'), chapter('One: two', 'three.', 'four')]
  expect(places([['One:', 'two three.'], ['x']], book)).toEqual([['0:0-2'], undefined])
})
