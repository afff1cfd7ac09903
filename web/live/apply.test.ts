import { expect, test } from 'vitest'
import type { Progress, SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { Chapter, ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import type { ProgressEvent } from '../../src/http/contract/event-contract.ts'
import { chapterWith, novelAt, novelWith, progressAt, progressWith, renewed, shelfWith } from './apply.ts'

const sound = { voice: 'hibari:heart', speed: 1 }
const spoken = (chapterNumber: number, index: number, more: Partial<SegmentEvent> = {}): SegmentEvent => ({
  novelId: 'n',
  chapterNumber,
  index,
  ...sound,
  state: 'spoken',
  seconds: 2,
  ...more,
})
const novel = { id: 'n', ...sound, segmentsDone: 3, segmentsTotal: 10, seconds: 6 } as Novel
const chapter = (number: number, more: Partial<ChapterListed> = {}): ChapterListed => ({
  number,
  title: '',
  matter: 'body',
  characters: 100,
  narrated: true,
  status: 'running',
  segmentsDone: 1,
  segmentsTotal: 2,
  segmentsHeard: 0,
  ...more,
})

const segment = (index: number) => ({ index, block: 0, start: 0, end: 1, spoken: 'x', ready: false })

test('a spoken segment moves its chapter and its novel', () => {
  const known = { novel, chapters: [chapter(1), chapter(2)] }
  const now = novelWith(known, [spoken(2, 1)])
  expect(now.chapters[0]).toBe(known.chapters[0])
  expect(now.chapters[1]).toMatchObject({ segmentsDone: 2, status: 'completed' })
  expect(now.novel).toMatchObject({ segmentsDone: 4, seconds: 8 })
})

test('another voice, another novel and what is only begun move nothing', () => {
  const known = { novel, chapters: [chapter(1)] }
  const events = [
    spoken(1, 1, { voice: 'espeak:en' }),
    spoken(1, 1, { novelId: 'm' }),
    spoken(1, 1, { state: 'speaking' }),
  ]
  expect(novelWith(known, events)).toBe(known)
})

test('a chapter left out of narration does not count for its novel', () => {
  const now = novelWith({ novel, chapters: [chapter(1, { narrated: false })] }, [spoken(1, 1)])
  expect(now.novel.segmentsDone).toBe(3)
})

test('an event heard twice never counts beyond the whole', () => {
  const shelf = { pages: [[novel]], pageParams: [0] }
  const events = Array.from({ length: 20 }, (_, index) => spoken(1, index))
  expect(shelfWith(shelf, events).pages[0]?.[0]?.segmentsDone).toBe(10)
})

test('a segment gets its place only when all before it are spoken', () => {
  const open = { ...chapter(1), ...sound, segments: [segment(0), segment(1), segment(2)] } as Chapter
  const gap = chapterWith(open, 'n', [spoken(1, 0), spoken(1, 2, { seconds: 3 })])
  expect(gap.segments.map((s) => s.from)).toEqual([0, undefined, undefined])
  const whole = chapterWith(gap, 'n', [spoken(1, 1, { seconds: 1.5 })])
  expect(whole.segments.map((s) => s.from)).toEqual([0, 2, 3.5])
  expect(whole.segmentsDone).toBe(3)
})

test('what is told of takes the place of what was known of it, and what is new comes first', () => {
  const known = [
    { id: 'a', done: 1 },
    { id: 'b', done: 1 },
  ]
  expect(renewed(known, { id: 'b', done: 2 }, 'id')).toEqual([known[0], { id: 'b', done: 2 }])
  expect(renewed(known, { id: 'c', done: 0 }, 'id')).toEqual([{ id: 'c', done: 0 }, ...known])
})

test('what an event tells of chapters is how they are, whatever was counted on', () => {
  const known = { novel, chapters: [chapter(1), chapter(2), chapter(3, { narrated: false })] }
  const event = {
    novelId: 'n',
    ...sound,
    changed: [
      { number: 1, status: 'completed', segmentsDone: 2, segmentsTotal: 2 },
      { number: 3, status: 'running', segmentsDone: 2, segmentsTotal: 2 },
    ],
  } as unknown as ProgressEvent
  const now = novelAt(known, event)
  expect(now.chapters.map(({ segmentsDone, status }) => [segmentsDone, status])).toEqual([
    [2, 'completed'],
    [1, 'running'],
    [2, 'running'],
  ])
  expect(now.chapters[1]).toBe(known.chapters[1])
  expect(now.novel.segmentsDone).toBe(4)
  expect(novelAt(now, event).novel.segmentsDone).toBe(4)
  expect(novelAt(known, { ...event, voice: 'espeak:en' })).toBe(known)
})

test('the chapters of a generation are as an event tells them, though segments of them were counted twice', () => {
  const listed = (chapterNumber: number) =>
    ({ chapterNumber, title: '', status: 'running', segmentsDone: 1, segmentsTotal: 5 }) as const
  const known = { id: 'g', novelId: 'n', ...sound, chapters: [listed(1), listed(2)] } as unknown as Progress
  const counted = progressWith(known, [spoken(2, 1), spoken(2, 1)])
  expect(counted.chapters[1]).toMatchObject({ segmentsDone: 3 })
  const changed = [{ number: 2, status: 'running', segmentsDone: 2, segmentsTotal: 5 }]
  const event = { id: 'g', novelId: 'n', ...sound, changed } as unknown as ProgressEvent
  expect(progressAt(counted, event).chapters).toEqual([known.chapters[0], { ...listed(2), segmentsDone: 2 }])
  expect(progressAt(counted, { ...event, id: 'h' })).toBe(counted)
})

test('a spoken segment moves the part of its novel’s ribbon on the shelf that its chapter stands in', () => {
  const part = { chapters: 2, complete: 0, segments: 4, done: 1, setAside: 0, heard: 0 }
  const ribbon = [
    { ...part, chapterNumber: 1 },
    { ...part, chapterNumber: 3, done: 3 },
  ]
  const shelf = { pages: [[{ ...novel, ribbon }]], pageParams: [0] }
  const after = shelfWith(shelf, [spoken(2, 0), spoken(4, 1)]).pages[0]?.[0]
  expect(after).toMatchObject({ segmentsDone: 5 })
  expect(after?.ribbon).toEqual([
    { ...part, chapterNumber: 1, done: 2 },
    { ...part, chapterNumber: 3, done: 4, complete: 2 },
  ])
})
