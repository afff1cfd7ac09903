import { expect, test } from 'vitest'
import { turnsOf } from '../../../test/program/counted-turns.ts'
import { M4bLayoutCache } from './m4b-layout-cache.ts'

test('a book is laid out in another turn than what is laid out was found in, once', async () => {
  const layouts = new M4bLayoutCache()
  const chapters = [{ title: 'One', clips: 1, frames: 2, bytes: 300 }]
  const tags = { title: 'A', author: 'B', narrator: 'C', language: 'en' }
  const layOut = () => layouts.layoutOf('etag', () => Promise.resolve([chapters, tags]))
  expect(await turnsOf(layOut)).toBeGreaterThan(0)
  expect(await turnsOf(layOut)).toBe(0)
})
