import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { offlineNote } from '../offline/offline-note.ts'
import { offlineStorage } from '../offline/offline-storage.ts'
import { chapterBeside, tellLeftOut } from './chapter-beside.ts'

const chapters = [1, 2, 3, 4, 5].map((number) => ({
  number,
  title: `The ${number}.`,
  matter: 'body',
  // The second has nothing to say.
  narrated: number !== 2,
  segmentsTotal: 3,
})) as ChapterListed[]
const known = { novel: { id: 'one', voice: 'v', speed: 1 } as Novel, chapters }

async function keep(number: number, voice: string): Promise<void> {
  const kept = { etag: '"a"', voice, speed: 1, bytes: 1 }
  await (await offlineStorage()).put('chapters', { novelId: 'one', number, byHand: true, kept })
}

const numbersOf = async (way: 1 | -1, number: number, lost: boolean) => {
  const beside = await chapterBeside(way, known, number, lost)
  return beside && [beside.chapter.number, beside.leftOut.map((each) => each.number)]
}

test('without a server the nearest kept chapter follows, and it is told which were left out', async () => {
  expect(await numbersOf(1, 1, false)).toEqual([3, []])
  // Nothing is kept: the next one is waited for.
  expect(await numbersOf(1, 1, true)).toEqual([3, []])
  await keep(1, 'v')
  await keep(3, 'another voice')
  await keep(5, 'v')
  expect(await numbersOf(1, 1, true)).toEqual([5, [3, 4]])
  expect(await numbersOf(-1, 5, true)).toEqual([1, [4, 3]])
  expect(await numbersOf(-1, 5, false)).toEqual([4, []])
  expect(await numbersOf(1, 5, true)).toBeUndefined()
  const beside = await chapterBeside(1, known, 1, true)
  if (beside) tellLeftOut(beside, chapters)
  expect(offlineNote.words()).toContain('2 chapters, from chapter 3 to chapter 4')
  const one = await chapterBeside(1, known, 3, true)
  if (one) tellLeftOut(one, chapters)
  expect(offlineNote.words()).toBe('Left out, since it is not kept on this device: chapter 4.')
})
