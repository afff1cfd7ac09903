import { expect, test } from 'vitest'
import type { Chapter, ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { chapterWithHeard, heardOf, withHeard } from './kept-heard.ts'
import type { Outgoing } from './offline-database.ts'

const chapters = [1, 2].map((number) => ({
  number,
  narrated: true,
  segmentsTotal: 10,
  segmentsHeard: 0,
})) as ChapterListed[]
const novel = { id: 'one', segmentsHeard: 0 } as Novel
const told = {
  chapterNumber: 1,
  segmentsHeard: 3,
  ranges: [{ from: 0, to: 2 }],
  updatedAt: '2026-01-01T00:00:00.000Z',
}
const kept = { id: 'one', heard: [told], chapters }
const unsent = (novelId: string, chapterNumber: number, from: number, to: number): Outgoing => ({
  key: `heard/${novelId}/${chapterNumber}/page`,
  novelId,
  method: 'PUT',
  path: `/api/novels/${novelId}/heard`,
  bodies: [{ chapterNumber, from, to }],
  at: 1000,
  stamp: 'a',
})

test('what was heard without a server is added to what the server told, by chapters', () => {
  const heard = heardOf(kept, [unsent('one', 1, 3, 4), unsent('one', 2, 0, 9), unsent('two', 2, 0, 9)])
  expect(heard).toMatchObject([
    { chapterNumber: 1, segmentsHeard: 5, ranges: [{ from: 0, to: 4 }] },
    { chapterNumber: 2, segmentsHeard: 10, finished: true },
  ])
  const shown = withHeard({ novel, chapters }, heard)
  expect(shown.chapters.map(({ segmentsHeard }) => segmentsHeard)).toEqual([5, 10])
  expect(shown.novel.segmentsHeard).toBe(15)
  expect(shown.novel.finished).toBeUndefined()
  expect(shown.chapters[1]?.finished).toBe(true)
  const text = { number: 2, segmentsHeard: 0, heard: [] as Chapter['heard'] } as Chapter
  expect(chapterWithHeard(text, heard)).toMatchObject({ heard: [{ from: 0, to: 9 }], finished: true })
})

test('a book of which all was heard is finished', () => {
  const heard = heardOf(kept, [unsent('one', 1, 0, 9), unsent('one', 2, 0, 9)])
  expect(withHeard({ novel, chapters }, heard).novel).toMatchObject({ segmentsHeard: 20, finished: true })
})
