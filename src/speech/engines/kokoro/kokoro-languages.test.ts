import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bopomofoSymbols } from './bopomofo-symbols.ts'
import { kanaSymbols } from './kana-symbols.ts'
import symbols from './kokoro-zh-symbols.json' with { type: 'json' }
import { pinyinIpa } from './pinyin-ipa.ts'

const table = new URL('../../../../voices/heart/kokoro-symbols.json', import.meta.url)
const first = new Map(Object.entries(JSON.parse(readFileSync(table, 'utf8')) as Record<string, number>))
const chinese = new Map(Object.entries(symbols))

// As the publisher's own front end (misaki 0.9.4) writes them.
test.each([
  ['ta1', 'ㄊㄚ1'],
  ['kan4 jian4', 'ㄎㄢ4ㄐ言4'],
  ['yi2 ge5', 'ㄧ2ㄍㄜ5'],
  ['wu2 bai3', 'ㄨ2ㄅㄞ3'],
  ['shui2 guo3', 'ㄕ为2ㄍ我3'],
  ['hua1 er2', 'ㄏ穵1ㄦ2'],
  ['zher4', 'ㄓㄜR4'],
  ['zhi1 zi5', 'ㄓ十1ㄗㄭ5'],
  ['you3 yuan2 xue2', '又3元2ㄒ月2'],
])('%s is %s for the Chinese model', (pinyin, written) => {
  expect(bopomofoSymbols(pinyin)).toBe(written)
})

test.each([
  ['ni3 hao3', 'ni↓xau↓'],
  ['zhong1 guo2', 'ꭧʊ→ŋkwo↗'],
  ['shi4 de5', 'ʂɨ↘tɤ'],
  ['yuan2', 'ɥɛ↗n'],
  ['er2', 'ɚ↗'],
])('%s is %s for the first model', (pinyin, written) => {
  expect(pinyinIpa(pinyin)).toBe(written)
})

test.each([
  ['ハツカ', 'haʦɨka'],
  ['キョーヘイッタ', 'kʲoːheiʔta'],
  ['サンポ', 'sampo'],
  ['ホンヤ', 'hoɴja'],
  ['パーティー', 'paːtʲiː'],
  ['シェイクスピア', 'ɕeikɯsɨpʲia'],
  ['ヴェルヌ', 'veɾɯnɯ'],
  ['トーキョーワ', 'toːkʲoːβa'],
])('%s is %s', (kana, written) => {
  expect(kanaSymbols(kana)).toBe(written)
})

test('every syllable and every kana has only symbols with an id', () => {
  const initials = ['', ...'b p m f d t n l g k h j q x zh ch sh r z c s'.split(' ')]
  const finals =
    'a o e ai ei ao ou an en ang eng er ong i ia ie iao iu ian in iang ing iong u ua uo uai ui uan un uang v ve'
  for (const initial of initials) {
    for (const final of finals.split(' ')) {
      for (const written of Array.from(bopomofoSymbols(`${initial}${final}3`)))
        expect(chinese.has(written), written).toBe(true)
      for (const written of Array.from(pinyinIpa(`${initial}${final}3`)))
        expect(first.has(written), written).toBe(true)
    }
  }
  for (let unit = 0x30a1; unit <= 0x30fa; unit++) {
    for (const small of ['', 'ャ', 'ュ', 'ョ', 'ァ', 'ィ', 'ェ', 'ォ'])
      for (const written of Array.from(kanaSymbols(String.fromCharCode(unit) + small)))
        expect(first.has(written), String.fromCharCode(unit) + small).toBe(true)
  }
})
