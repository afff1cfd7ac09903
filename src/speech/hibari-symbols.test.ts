import { expect, test } from 'vitest'
import { hibariMarks, hibariSymbols } from './hibari-symbols.ts'

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
  expect(hibariSymbols(ipa)).toBe(symbols)
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
  expect(hibariMarks(between, before, after)).toBe(marks)
})
