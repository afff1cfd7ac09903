import { expect, test } from 'vitest'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import type { ChapterProgress } from '../../jobs/generations/generation-progress.ts'
import { progress } from '../contract/api-contract.ts'
import { ProgressSerializer } from './progress-view.ts'

const id = '019a0000-0000-7000-8000-000000000001'
const around = {
  id,
  novelId: id,
  novelTitle: 'Đêm “chim cú”',
  voice: 'espeak:vi',
  speed: 1,
  priority: 0,
  status: 'running' as const,
  segmentsTotal: 400,
  segmentsDone: 3,
  percent: 0.7,
  secondsDone: 9.5,
  etaSeconds: null,
  realTimeFactor: null,
  waiting: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  errorMessage: null,
  failedSegments: [],
}

const chapters = Array.from({ length: 100 }, (_, at): ChapterRow => ({
  id: at + 1,
  novelId: id,
  number: at + 1,
  title: `Chương ${at + 1} — 夜`,
  part: null,
  matter: 'body',
  narrated: 1,
  segmentCount: 4,
  characters: 400,
}))
const pending = (): ChapterProgress[] => chapters.map(() => ({ done: 0, status: 'pending' }))

/** What is read of the answer must be what the contract says. */
function read(answer: Buffer) {
  const { success, progress: told } = JSON.parse(answer.toString()) as { success: boolean; progress: unknown }
  expect(success).toBe(true)
  return progress.parse(told)
}

test('every chapter is told in its order, and what is told of it changes when it does, first and last', () => {
  const writer = new ProgressSerializer()
  const told = read(writer.serialize(around, { chapters, chapterProgress: pending() }))
  expect(told).toMatchObject(around)
  expect(told.chapters.map(({ title }) => title)).toEqual(chapters.map(({ title }) => title))

  for (const at of [0, 31, 32, 99]) {
    const each = pending()
    each[at] = { done: 4, status: 'completed' }
    const expected = chapters.map(({ number, title }, index) => ({
      chapterNumber: number,
      title,
      segmentsTotal: 4,
      segmentsDone: index === at ? 4 : 0,
      status: index === at ? 'completed' : 'pending',
    }))
    expect(
      read(writer.serialize({ ...around, segmentsDone: 4 }, { chapters, chapterProgress: each })).chapters,
    ).toEqual(expected)
  }
})

test('a status alone may change, and two novels are not mixed up', () => {
  const writer = new ProgressSerializer()
  const others = chapters.slice(0, 40).map((chapter) => ({ ...chapter, title: 'Another' }))
  writer.serialize(around, { chapters, chapterProgress: pending() })
  const two = read(writer.serialize(around, { chapters: others, chapterProgress: pending().slice(0, 40) }))
  expect(new Set(two.chapters.map(({ title }) => title))).toEqual(new Set(['Another']))
  const each = pending()
  each[50] = { done: 0, status: 'running' }
  const one = read(writer.serialize(around, { chapters, chapterProgress: each }))
  expect(one.chapters.filter(({ status }) => status === 'running')).toMatchObject([{ chapterNumber: 51 }])
})

test('an answer that is not what the contract says is our own fault, and thrown', () => {
  const writer = new ProgressSerializer()
  const each = pending()
  each[5] = { done: 0.5, status: 'running' }
  expect(() => writer.serialize(around, { chapters, chapterProgress: each })).toThrow(
    'not what the contract says',
  )
  expect(read(writer.serialize(around, { chapters: [], chapterProgress: [] })).chapters).toEqual([])
})
