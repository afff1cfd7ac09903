import { expect, test } from 'vitest'
import type { Machine, Server } from '../../src/http/contract/speaker-contract.ts'
import { changeWords, machineWords, serverWords, slotWords, speedWords, spokenNow } from './machine-words.ts'

const now = Date.parse('2026-11-29T12:00:00Z')
const lease = { id: 'l', voice: 'hibari:heart', segment: { novelId: 'n', chapterNumber: 3, index: 4 } }
const machine = (state: Machine['state'], busy = false) =>
  ({
    name: 'attic',
    state,
    seenAt: '2026-11-29T11:55:00Z',
    leases: busy ? [lease] : [],
  }) as unknown as Machine

test('a machine says whether it speaks, waits, rests or was lost', () => {
  expect(machineWords(machine('active', true), now)).toBe('Speaking')
  expect(machineWords(machine('active'), now)).toBe('Waiting for something to speak')
  expect(machineWords(machine('draining', true), now)).toBe('Finishes what it speaks, then rests')
  expect(machineWords(machine('draining'), now)).toBe('At rest until you wake it')
  expect(machineWords(machine('away'), now)).toBe('Silent; last heard of 5 minutes ago')
  expect(
    ['active', 'draining', 'away'].map((state) => changeWords(machine(state as Machine['state']))),
  ).toEqual(['', 'attic is given nothing more', 'attic is silent'])
  expect(serverWords({ slots: 0, leases: [] } as unknown as Server)).toContain('leaves the speaking')
})

test('speeds are as exact as they are telling', () => {
  expect([0, 0.853, 9.84, 24.4, 1234.5].map(speedWords)).toEqual([
    '0 × real time',
    '0.85 × real time',
    '9.8 × real time',
    '24 × real time',
    '1,235 × real time',
  ])
  expect(slotWords(1, 1)).toBe('1 of 1 speaker at work')
})

test('what is being spoken is gathered by chapter and voice', () => {
  const segment = (chapterNumber: number, index: number) => ({ novelId: 'n', chapterNumber, index })
  const voice = 'hibari:heart'
  expect(
    spokenNow([
      { voice, segment: segment(3, 1) },
      { voice, segment: segment(3, 2) },
      { voice, segment: segment(4, 0) },
      { voice: 'espeak:en' },
    ]),
  ).toMatchObject([
    { voice, chapter: { novelId: 'n', number: 3 }, sentences: 2 },
    { voice, chapter: { novelId: 'n', number: 4 }, sentences: 1 },
    { voice: 'espeak:en', sentences: 1 },
  ])
})
