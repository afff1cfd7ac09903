import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { Chapter, ChapterListed, Timeline } from '../../src/http/contract/novel-contract.ts'
import { searchKept } from './kept-search.ts'
import { openOffline } from './offline-database.ts'

const novel = {
  id: 'one',
  chapters: [1, 2, 3].map((number) => ({ number, characters: 50 })) as ChapterListed[],
}
const page = { offset: 0, limit: 50 }

function chapter(number: number, ...texts: string[]): Chapter {
  return {
    number,
    title: `The ${number}.`,
    blocks: texts.map((text, index) => ({ index, kind: 'paragraph', text })),
    segments: texts.map((text, index) => ({ index, block: index, start: 0, end: text.length })),
  } as unknown as Chapter
}

test('the kept chapters of a novel are searched as the server does, and it is told when they are not all', async () => {
  const db = await openOffline('search')
  const keep = (novelId: string, text: Chapter) =>
    db.put('texts', { chapter: text, timeline: {} as Timeline }, [novelId, text.number])
  await keep('one', chapter(1, 'A lamp.', 'Zoë’s café was dark.'))
  await keep('two', chapter(1, 'A café elsewhere.'))
  const found = await searchKept(db, novel, 'CAFE', page)
  expect(found).toMatchObject({ count: 1, keptOnly: 1 })
  expect(found.hits).toMatchObject([{ chapterNumber: 1, chapterTitle: 'The 1.', segment: 1, block: 1 }])
  const [{ snippet } = expect.fail('no hit')] = found.hits
  expect(snippet.text.slice(snippet.start, snippet.end)).toBe('café')

  await keep('one', chapter(2, 'Another cafe.'))
  await keep('one', chapter(3, 'A cafe, and a café.'))
  const all = await searchKept(db, novel, 'cafe', { offset: 1, limit: 2 })
  expect(all.count).toBe(4)
  expect(all.hits.map(({ chapterNumber }) => chapterNumber)).toEqual([2, 3])
  expect(all.keptOnly).toBeUndefined()
  expect((await searchKept(db, novel, ' ', page)).count).toBe(0)
  db.close()
})
