import { expect, test } from 'vitest'
import {
  gather,
  heardFrom,
  noMarks,
  ribbonPaths,
  ticksOfChapters,
  ticksOfParts,
  ticksOfCount,
  ticksOfSegments,
} from './ribbon-model.ts'

const picture = (ticks: ReturnType<typeof ticksOfCount>): string =>
  ticks.map((t) => (t.speaking ? '~' : t.setAside > 0 ? 'x' : t.spoken === 1 ? '#' : '.')).join('')

test('a segment is filled when its clip exists, whatever was said of it before', () => {
  const marks = new Map([
    [1, 'speaking'],
    [2, 'speaking'],
    [3, 'set-aside'],
  ] as const)
  const segments = [true, true, false, false, false].map((ready) => ({ ready }))
  expect(picture(ticksOfSegments(segments, marks))).toBe('##~x.')
})

test('a count fills the first ticks and leaves those being spoken open', () => {
  expect(picture(ticksOfCount(6, 2))).toBe('##....')
  expect(picture(ticksOfCount(6, 2, new Map([[1, 'speaking']])))).toBe('#~#...')
  expect(picture(ticksOfCount(4, 3, new Map([[1, 'set-aside']])))).toBe('#x##')
})

test('what is left of work that is over was set aside', () => {
  expect(picture(ticksOfCount(4, 2, noMarks, true))).toBe('##xx')
  expect(picture(ticksOfCount(4, 3, new Map([[1, 'set-aside']]), true))).toBe('#x##')
})

test('a count is always shown in full, even when marks are out of date', () => {
  const marks = new Map([
    [0, 'speaking'],
    [3, 'speaking'],
  ] as const)
  expect(picture(ticksOfCount(4, 4, marks))).toBe('####')
  expect(ticksOfCount(4, 3, marks).filter((t) => t.spoken === 1)).toHaveLength(3)
})

test('a chapter fills its tick by the share that is spoken', () => {
  const [half, failed] = ticksOfChapters([
    { segmentsDone: 5, segmentsTotal: 10, status: 'running' },
    { segmentsDone: 9, segmentsTotal: 10, status: 'failed' },
  ])
  expect(half).toEqual({ spoken: 0.5, setAside: 0, speaking: false, heard: 0 })
  expect(failed?.setAside).toBeCloseTo(0.1)
})

test('what was heard has a foot, as wide as its share, and amber stays what it was', () => {
  const segments = [true, true, true, false].map((ready) => ({ ready }))
  const ticks = ticksOfSegments(segments, noMarks, [{ from: 1, to: 7 }])
  expect(ticks.map(({ heard }) => heard)).toEqual([0, 1, 1, 1])
  const room = { width: 100, height: 12, slot: 10 }
  const paths = ribbonPaths(ticks, room)
  expect(paths.heard).toBe('M10 10h8v2h-8zM20 10h8v2h-8zM30 10h8v2h-8z')
  expect(paths.spoken).toBe(ribbonPaths(ticksOfSegments(segments), room).spoken)
  expect(heardFrom(ticksOfCount(3, 3), 2).map(({ heard }) => heard)).toEqual([1, 1, 0])
  const [half] = ticksOfChapters([
    { segmentsDone: 10, segmentsTotal: 10, segmentsHeard: 5, status: 'completed' },
  ])
  expect(ribbonPaths([half!], room).heard).toBe('M0 10h4v2h-4z')
})

test('gathering keeps the sum and forgets no breath', () => {
  const ticks = ticksOfCount(3000, 1000, new Map([[1000, 'speaking']]))
  const few = gather(ticks, 100)
  expect(few).toHaveLength(100)
  expect(few.reduce((sum, t) => sum + t.spoken, 0)).toBeCloseTo(100 / 3, 1)
  expect(few.filter((t) => t.speaking)).toHaveLength(1)
})

test('few ticks make a short ribbon, many never leave their room', () => {
  const room = { width: 200, height: 16, slot: 5 }
  expect(ribbonPaths(ticksOfCount(10, 0), room).width).toBe(50)
  expect(ribbonPaths(ticksOfCount(3000, 0), room).width).toBeLessThanOrEqual(200)
  expect(ribbonPaths([], room)).toMatchObject({ width: 0, waiting: '', spoken: '' })
})

test('a single lost segment among hundreds is still seen', () => {
  const paths = ribbonPaths(ticksOfCount(900, 899, new Map([[450, 'set-aside']])), {
    width: 90,
    height: 12,
    slot: 5,
  })
  expect(paths.setAside).toMatch(/^M\d+ 0h\d+v3/)
})

test('neighbouring chapters share a tick, which breathes while one of them is spoken', () => {
  const part = { segments: 10, done: 5, setAside: 1, heard: 2 }
  const parts = [
    { ...part, chapterNumber: 2 },
    { ...part, chapterNumber: 5, segments: 0, done: 0, setAside: 0, heard: 0 },
  ]
  expect(ticksOfParts(parts, new Set([4]))).toEqual([
    { spoken: 0.5, setAside: 0.1, speaking: true, heard: 0.2 },
    { spoken: 0, setAside: 0, speaking: false, heard: 0 },
  ])
  expect(ticksOfParts(parts, new Set([7]))[1]).toMatchObject({ speaking: true })
})
