import { expect, test } from 'vitest'
import type { ChapterProgress } from '../../jobs/generations/generation-progress.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { progress } from '../contract/generation-contract.ts'
import { ProgressSerializer } from './progress-view.ts'

const id = '019a0000-0000-7000-8000-000000000001'
const summary = {
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
  ahead: null,
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

/** Parses a serialized response with the schema of the API. */
function parsed(response: Buffer) {
  const { success, progress: body } = JSON.parse(response.toString()) as {
    success: boolean
    progress: unknown
  }
  expect(success).toBe(true)
  return progress.parse(body)
}

test('all chapters are serialized in order, and a changed chapter is updated wherever it is in its batch', () => {
  const serializer = new ProgressSerializer()
  const view = parsed(serializer.serialize(summary, { chapters, chapterProgress: pending() }))
  expect(view).toMatchObject(summary)
  expect(view.chapters.map(({ title }) => title)).toEqual(chapters.map(({ title }) => title))

  for (const at of [0, 31, 32, 99]) {
    const chapterProgress = pending()
    chapterProgress[at] = { done: 4, status: 'completed' }
    const expected = chapters.map(({ number, title }, index) => ({
      chapterNumber: number,
      title,
      segmentsTotal: 4,
      segmentsDone: index === at ? 4 : 0,
      status: index === at ? 'completed' : 'pending',
    }))
    expect(
      parsed(serializer.serialize({ ...summary, segmentsDone: 4 }, { chapters, chapterProgress })).chapters,
    ).toEqual(expected)
  }
})

test('a change of status alone is serialized, and two novels are kept apart', () => {
  const serializer = new ProgressSerializer()
  const others = chapters.slice(0, 40).map((chapter) => ({ ...chapter, title: 'Another' }))
  serializer.serialize(summary, { chapters, chapterProgress: pending() })
  const two = parsed(
    serializer.serialize(summary, { chapters: others, chapterProgress: pending().slice(0, 40) }),
  )
  expect(new Set(two.chapters.map(({ title }) => title))).toEqual(new Set(['Another']))
  const chapterProgress = pending()
  chapterProgress[50] = { done: 0, status: 'running' }
  const one = parsed(serializer.serialize(summary, { chapters, chapterProgress }))
  expect(one.chapters.filter(({ status }) => status === 'running')).toMatchObject([{ chapterNumber: 51 }])
})

test('a response that does not match its schema throws', () => {
  const serializer = new ProgressSerializer()
  const chapterProgress = pending()
  chapterProgress[5] = { done: 0.5, status: 'running' }
  expect(() => serializer.serialize(summary, { chapters, chapterProgress })).toThrow(
    'does not match its schema',
  )
  expect(parsed(serializer.serialize(summary, { chapters: [], chapterProgress: [] })).chapters).toEqual([])
})
