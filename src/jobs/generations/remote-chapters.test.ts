import { expect, test } from 'vitest'
import { RemoteChapters } from './remote-chapters.ts'

test('counts of chapters that others work on are never older than two seconds, for a minute after the last word', () => {
  const chapters = new RemoteChapters()
  expect(chapters.takeOld(0)).toEqual([])
  chapters.heard([1, 2], 0)
  chapters.heard([2], 1000)
  expect(chapters.takeOld(1999)).toEqual([])
  expect(chapters.takeOld(2000)).toEqual([1])
  expect(chapters.takeOld(2001)).toEqual([])
  expect(chapters.takeOld(3000)).toEqual([2])
  expect(chapters.takeOld(4000)).toEqual([1])
  expect(chapters.takeOld(60_500)).toEqual([1, 2])
  expect(chapters.takeOld(70_000)).toEqual([2])
  expect(chapters.takeOld(1e9)).toEqual([])
})
