import { expect, test } from 'vitest'
import { ipaIn } from './phoneme-alphabets.ts'

test.each([
  ['"dA:si', 'ˈdɑːsi'],
  ['b{n@t', 'bænət'],
  ['tS{p`', undefined],
  ['t_hE~st', 'tʰɛ̃st'],
  ['r\\@`Ul', 'ɹɚʊl'],
  ['%f3:r\\', 'ˌfɜːɹ'],
  ['', undefined],
])('X-SAMPA %s is %s', (written, ipa) => {
  expect(ipaIn('x-sampa', written)).toBe(ipa)
})

test.each([
  ['/ˈdɑːrsi/', 'ˈdɑːrsi'],
  ["[t͡ʃɛk'ov]", 'tʃɛkˈov'],
  ['ga:l', 'ɡaːl'],
  ['  ɔ̃  ə ', 'ɔ̃ ə'],
  ['<b>', undefined],
  ['ˈˌ', undefined],
])('%s is the IPA %s', (written, ipa) => {
  expect(ipaIn('ipa', written)).toBe(ipa)
})
