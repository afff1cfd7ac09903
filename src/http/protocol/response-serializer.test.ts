import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { progress } from '../contract/generation-contract.ts'
import { chapter, novel, timeline } from '../contract/novel-contract.ts'
import { health } from '../contract/health-contract.ts'
import { voice } from '../contract/voice-contract.ts'
import { responseSerializer } from './response-serializer.ts'

const id = '0190b0a0-0000-7000-8000-000000000000'

const someProgress = {
  id,
  novelId: id,
  novelTitle: 'War “and” Peace\n\\ 戰爭 \u{1F56F} \uD83D',
  voice: 'hibari:heart',
  speed: 1.05,
  priority: -3,
  status: 'running',
  segmentsTotal: 12,
  segmentsDone: 3,
  percent: 25,
  secondsDone: 1e-7,
  etaSeconds: null,
  realTimeFactor: 61.2,
  ahead: null,
  waiting: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  completedAt: null,
  errorMessage: 'one "segment"',
  failedSegments: [{ chapterNumber: 1, index: 0, text: 'No!', attempts: 3, reason: 'silence' }],
  chapters: [
    { chapterNumber: 1, title: 'I\t', status: 'pending', segmentsTotal: 4, segmentsDone: 0 },
    { chapterNumber: 2, title: '', status: 'completed', segmentsTotal: 4, segmentsDone: -0 },
  ],
}

const someChapter = {
  number: 1,
  title: 'One',
  matter: 'body',
  characters: 5,
  narrated: true,
  status: 'none',
  segmentsDone: 0,
  segmentsTotal: 1,
  segmentsHeard: 1,
  voice: null,
  speed: 1,
  blocks: [
    {
      index: 0,
      kind: 'paragraph',
      text: 'No! Yes',
      marks: [
        { start: 0, end: 2, kind: 'link', to: { href: 'https://example.org' } },
        { start: 0, end: 2, kind: 'link', to: { anchor: 1, chapter: 2 } },
      ],
      within: [{ kind: 'quote', id: 1 }],
    },
  ],
  skips: [{ block: 0, start: 0, end: 1, reason: 'note' }],
  segments: [
    { index: 0, block: 0, start: 0, end: 3, spoken: 'No!', ready: true, from: 0, seconds: 0.5, words: [] },
    { index: 1, block: 0, start: 3, end: 4, spoken: 'Yes', ready: false },
  ],
  heard: [{ from: 0, to: 0 }],
}

const answers: readonly (readonly [string, z.ZodType, object])[] = [
  ['progress', z.object({ success: z.literal(true), progress }), { success: true, progress: someProgress }],
  ['a chapter', chapter, someChapter],
  ['a timeline', timeline, { voice: 'espeak:vi', speed: 1, seconds: 0, complete: false, segments: [] }],
  [
    'a novel',
    novel,
    {
      id,
      title: 'A',
      author: '',
      language: 'en',
      voice: null,
      speed: 1,
      cover: null,
      chapterCount: 0,
      chaptersNarrated: 0,
      segmentsDone: 0,
      segmentsTotal: 0,
      segmentsHeard: 0,
      seconds: 0,
      createdAt: '',
      report: {
        format: 'epub',
        evidence: 'nav',
        chapters: 1,
        characters: 2,
        skipped: { note: 3 },
        remarks: [],
      },
    },
  ],
  [
    'voices',
    z.array(voice),
    [
      {
        id: 'espeak:vi',
        engine: 'espeak',
        name: 'Vi',
        language: 'vi',
        neural: false,
        default: true,
        source: 'built-in',
      },
    ],
  ],
  [
    'health',
    health,
    {
      success: true,
      version: '1',
      database: { ok: true, clips: 0, bytes: 1 },
      speakers: {
        wanted: 1,
        alive: 1,
        busy: 0,
        state: 'ready',
        reason: null,
        modelLoads: 0,
        modelLoadsLastHour: 0,
      },
      disk: { freeBytes: 2 ** 45, full: false },
      recordings: { bytes: 5, limitBytes: 2e9, waiting: 0, realTimeFactor: null },
      uptimeSeconds: 1.5,
      problems: [{ code: 'storage.full', message: 'The disk is full.' }],
    },
  ],
]

test.each(answers)('%s is serialized as by zod and JSON.stringify', (_, schema, answer) => {
  const byZod = JSON.stringify(schema.parse(answer))
  const write = responseSerializer(schema)
  // Asked for nothing: for 2,000 chapters it takes longer than the rest of the request.
  const spy = vi.spyOn(schema, 'safeParse')
  expect(write(answer)).toBe(byZod)
  expect(spy).not.toHaveBeenCalled()
})

test('of a union the first option that matches is taken, without fields of others', () => {
  const either = z.union([
    z.object({ a: z.number() }),
    z.object({ a: z.number(), b: z.number() }),
    z.string(),
  ])
  const schema = z.object({ one: either, counts: z.record(z.string(), either) })
  const write = responseSerializer(schema)
  const answers = [
    { one: { a: 1 }, counts: {} },
    { one: { a: 1, b: 2 }, counts: { x: 'y' } },
    { one: 'x', counts: { x: { a: 1, b: 2 }, y: { a: 1 } } },
    { one: 'x', counts: JSON.parse('{"__proto__":"x","a":"b"}') as object },
  ]
  for (const answer of answers) expect(write(answer)).toBe(JSON.stringify(schema.parse(answer)))
  expect(() => write({ one: { b: 1 }, counts: {} })).toThrow('does not match its schema')
  expect(() => write({ one: 'x', counts: { x: 1 } })).toThrow('does not match its schema')
  expect(() => write({ one: 'x', counts: ['x'] })).toThrow('does not match its schema')
})

test('fields that the schema does not name are left out', () => {
  const secret = {
    ...someProgress,
    key: 'secret',
    chapters: [{ ...someProgress.chapters[0], key: 'secret' }],
  }
  expect(responseSerializer(progress)(secret)).not.toContain('secret')
})

/** Each differs from `someProgress` in one field. */
const faults: readonly (readonly [string, object])[] = [
  ['a string instead of a number', { segmentsDone: '3' }],
  ['a fraction instead of an integer', { segmentsDone: 0.5 }],
  ['NaN', { speed: NaN }],
  ['Infinity', { speed: Infinity }],
  ['a number above its maximum', { percent: 101 }],
  ['a number below its minimum', { secondsDone: -1 }],
  ['an unknown enum value', { status: 'asleep' }],
  ['a missing string', { novelTitle: undefined }],
  ['null in a field that is not nullable', { voice: null }],
  ['an invalid id', { id: 'mine' }],
  ['an object instead of an array', { chapters: {} }],
  ['an array instead of an object', { failedSegments: [[]] }],
  ['a nested fault', { chapters: [{ ...someProgress.chapters[0], title: 1 }] }],
]

test.each(faults)('%s is rejected, as by zod', (_, fault) => {
  const answer = { ...someProgress, ...fault }
  expect(progress.safeParse(answer).success).toBe(false)
  expect(() => responseSerializer(progress)(answer)).toThrow('does not match its schema')
})

test('checks other than bounds and integers are left to zod', () => {
  const odd = z.object({ above: z.number().gt(1), even: z.number().multipleOf(2), short: z.string().max(2) })
  const write = responseSerializer(odd)
  expect(write({ above: 1.5, even: 4, short: 'ab' })).toBe('{"above":1.5,"even":4,"short":"ab"}')
  expect(() => write({ above: 1, even: 4, short: 'ab' })).toThrow('does not match its schema')
  expect(() => write({ above: 2, even: 3, short: 'ab' })).toThrow('does not match its schema')
  expect(() => write({ above: 2, even: 4, short: 'abc' })).toThrow('does not match its schema')
})
