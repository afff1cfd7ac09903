import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeEspeak, type Espeak, openEspeak } from '../espeak/espeak.ts'
import { NameJudge } from './name-judge.ts'

// What is unsure of a name in books of other languages than English.

let espeak: Espeak
beforeAll(async () => {
  espeak = await openEspeak()
})
afterAll(closeEspeak)

const judge = (language: string, words: string): Promise<NameJudge> =>
  NameJudge.open(espeak, language, words.split(' '))

test('an English name in a French or Spanish book is proposed in the sounds of that language, and told to be unsure', async () => {
  for (const language of ['fr', 'es']) {
    const one = await judge(language, 'martin robert marin port mer carton')
    const foreign = one.judge('Portsmouth', [])
    expect(foreign.doubt).toBeGreaterThan(one.judge('Martin', []).doubt)
    expect(foreign.proposal?.basis).toBe('en')
    expect(foreign.proposal?.ipa).not.toBe(foreign.said)
    expect(one.judge('Martin', []).proposal).toBeUndefined()
  }
})

test('what is no syllable of Vietnamese is unsure in a Vietnamese book', async () => {
  const one = await judge('vi', 'kiều trọng hải nguyễn thúy vân')
  const doubts = (names: string): number[] => names.split(' ').map((name) => one.judge(name, []).doubt)
  expect(Math.min(...doubts('Watson Robinson Marseille'))).toBeGreaterThan(
    Math.max(...doubts('Kiều Nguyễn Trọng Nghiêng')),
  )
})

test('a French name of a German book, and a Vietnamese one, keep the sounds that a voice has', async () => {
  const one = await judge('de', 'haus zeit gregor vater')
  expect(one.judge('Nguyễn', []).proposal?.basis).toBe('vi')
  expect(one.judge('Gregor', []).proposal).toBeUndefined()
  expect(one.judge('Beaumont', ['monsieur']).proposal?.basis).toBe('fr')
})
