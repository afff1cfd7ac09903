import { expect, test } from 'vitest'
import { englishAccent } from '../../../novel/voice.ts'
import { hibariPauseMarks, hibariSymbols } from './hibari-symbols.ts'

test.each([
  ['aɪdˈiə', 'Idˈiə'],
  ['hˌaʊ', 'hˌW'],
  ['dʒˈɛntəlmən', 'ʤˈɛntᵊlmən'],
  ['wˈeɪɾᵻd', 'wˈATᵻd'],
  ['tʃˈɔɪs', 'ʧˈYs'],
  ['ˈoʊpənd', 'ˈOpənd'],
  ['lˈɛɾɚ', 'lˈɛTəɹ'],
  ['bˈɜːd', 'bˈɜɹd'],
  ['hɜːɹ', 'hɜɹ'],
  ['lˈɑːx', 'lˈɑk'],
  ['fɔːɹ', 'fɔɹ'],
  ['bɹˈaɪʔn̩d', 'bɹˈItᵊnd'],
  ['ɐ', 'ə'],
  ['t_o', 't_ɔ'],
])('eSpeak’s %s is Kokoro’s %s', (ipa, symbols) => {
  expect(hibariSymbols(ipa, 'en-us')).toBe(symbols)
})

test('an ɹ that eSpeak writes twice is one, except in old recipes', () => {
  expect(hibariSymbols('fjˈʊɹɹi', 'en-us')).toBe('fjˈʊɹi')
  expect(hibariSymbols('ˈoʊvɚɹ ɪt', 'en-us')).toBe('ˈOvəɹ ɪt')
  expect(hibariSymbols('fjˈʊɹɹi', 'en-us', true)).toBe('fjˈʊɹɹi')
})

test.each([
  ['aɪdˈiə', 'Idˈɪə'],
  ['hˈeə', 'hˈɛː'],
  ['ˈəʊpənd', 'ˈQpənd'],
  ['bˈɜːd', 'bˈɜːd'],
  ['lˈɑːk', 'lˈɑːk'],
  ['fɔː', 'fɔː'],
  ['lˈɛtə', 'lˈɛtə'],
  ['tʃˈɔɪs', 'ʧˈYs'],
  ['lˈɪtəl', 'lˈɪtᵊl'],
])('eSpeak’s British %s is Kokoro’s %s', (ipa, symbols) => {
  expect(hibariSymbols(ipa, 'en-gb')).toBe(symbols)
})

test.each([
  ['en-GB', 'en-gb'],
  ['en-US', 'en-us'],
  ['en', 'en-us'],
])('a voice of %s uses the phonemes of %s', (language, accent) => {
  expect(englishAccent(language)).toBe(accent)
})

test.each([
  [' ', 'old', 'man', ' '],
  [', “', 'said', 'how', ', '],
  ['.”', 'letter', '', '.'],
  ['', 'One', '', '.'],
  ['?!” ', 'What', 'he', '? '],
  ['--', 'well', 'yes', '—'],
  [' – ', 'well', 'yes', '— '],
  ['... ', 'well', 'yes', '… '],
  ['. . . ', 'well', 'yes', '… '],
  [' (', 'house', 'for', ', '],
  ['. ', 'Mr', 'Smith', ' '],
  ['. ', 'left', 'She', '. '],
  ['. ', 'etc', 'and', ' '],
  ['. ', 'J', 'Smith', ' '],
  ['. ', 'I', 'She', '. '],
  ['。', '你好', 'and', '. '],
  ['” “', 'one', 'two', ' '],
])('"%s" between "%s" and "%s" is "%s"', (between, before, after, marks) => {
  expect(hibariPauseMarks(between, before, after)).toBe(marks)
})
