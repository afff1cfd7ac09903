import { expect, test } from 'vitest'
import { checkedEntry } from './entry-check.ts'

const how = { caseSensitive: false, stem: true }

test('what is written and typed is stored in one form', () => {
  expect(checkedEntry({ written: ' Ame\u0301lie  Poulain ', words: 'a  b', ...how })).toEqual({
    written: 'Amélie Poulain',
    words: 'a b',
    ...how,
  })
  expect(checkedEntry({ written: 'Dantès', ipa: "/d\u0251\u0303t'\u025bs:/", ...how }).ipa).toBe(
    'dɑ\u0303tˈɛsː',
  )
  expect(checkedEntry({ written: 'chat', ipa: 't͡ʃæg', ...how }).ipa).toBe('tʃæɡ')
})

test('pinyin is stored with the numbers of its tones', () => {
  expect(checkedEntry({ written: '重庆', ipa: 'Chóng qìng', ...how }).ipa).toBe('chonɡ2 qinɡ4')
  expect(checkedEntry({ written: '绿', ipa: 'lǜ', ...how }).ipa).toBe('lv4')
  expect(checkedEntry({ written: '乐山', ipa: 'le4 shan1', ...how }).ipa).toBe('le4 shan1')
  expect(() => checkedEntry({ written: 'x', ipa: 'ábxyz', ...how })).toThrow('no symbol of IPA')
})

test.for([
  [{ written: 'x', ipa: 'ab☃c' }, '“☃” (U+2603)'],
  [{ written: 'x', ipa: 'ABC' }, '“A”'],
  [{ written: 'x', words: 'a', ipa: 'a' }, 'either other words or IPA'],
  [{ written: 'x' }, 'either other words or IPA'],
  [{ written: '…', words: 'a' }, 'has letters or digits'],
  [{ written: 'x', words: '!?' }, 'no letters'],
  [{ written: 'x', ipa: 'ˈ' }, 'no sound'],
  [{ written: 'x'.repeat(101), words: 'a' }, 'longer than 100'],
] as const)('%o is refused, and why', ([entry, detail]) => {
  expect(() => checkedEntry({ ...entry, ...how })).toThrow(detail)
})
