import { expect, test } from 'vitest'
import type { Plan } from '../../src/http/contract/plan-contract.ts'
import { guessWords, lacksRoom, planWords, remadeWords } from './plan-words.ts'

const plan: Plan = {
  voice: 'espeak:en-us',
  speed: 1,
  chapters: 9,
  segments: { total: 900, reused: 37, missing: 863 },
  seconds: { total: 11_100, missing: 10_000, exact: false },
  time: { seconds: 240, basis: 'measured' },
  disk: { needed: 86_000_000, free: 12e9 },
  remade: { segments: 37, chapters: 9, seconds: 240 },
}

test('a plan is told in figures that a person can weigh', () => {
  expect(planWords(plan)).toEqual([
    'about 3 h 5 min to hear',
    'about 4 minutes on this machine',
    '86 MB of disk, 12.0 GB free',
    '37 sentences spoken already',
  ])
  expect(planWords({ ...plan, time: { seconds: 30, basis: 'typical' } })[1]).toBe(
    'time not known yet, less than a minute by typical speed',
  )
  const done = {
    segments: { total: 9, reused: 9, missing: 0 },
    seconds: { total: 60, missing: 0, exact: true },
  }
  expect(planWords({ ...plan, ...done })).toEqual([
    '1 min to hear',
    'all of it is spoken already: nothing is made anew',
  ])
  expect(planWords({ ...plan, disk: { needed: 86_000_000, free: null } })[2]).toBe('86 MB of disk')
  expect(planWords({ ...plan, speakers: { used: 1, all: 4 } })[2]).toBe(
    'by 1 of 4 speakers, as many as have memory for this voice',
  )
})

test('what would be made anew is one sentence', () => {
  expect(remadeWords(plan)).toBe('Re-makes 37 sentences in 9 chapters, about 4 minutes.')
  expect(remadeWords({ remade: { segments: 1, chapters: 1, seconds: 2 } })).toBe(
    'Re-makes 1 sentence in 1 chapter, less than a minute.',
  )
  expect(remadeWords({ remade: { segments: 0, chapters: 0, seconds: 0 } })).toMatch(/^Nothing/)
  expect(guessWords(5 * 3600 + 500)).toBe('about 5 h 15 min')
})

test('a full disk is told', () => {
  expect(lacksRoom(plan)).toBe(false)
  expect(lacksRoom({ disk: { needed: 13e9, free: 12e9 } })).toBe(true)
  expect(lacksRoom({ disk: { needed: 13e9, free: null } })).toBe(false)
})
