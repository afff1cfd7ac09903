import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Espeak } from './espeak.ts'
import { closeEspeak, openEspeak } from './espeak.ts'
import { Phonemizer } from './phonemizer.ts'

// IPA for voices that are not English: it is said by the phonemes that the library has for their languages.

let espeak: Espeak
beforeAll(async () => {
  espeak = await openEspeak()
})
afterAll(closeEspeak)

/** How the library says a word, or IPA in its place. */
function said(code: string, word: string, ipa?: string): string {
  const instead = ipa === undefined ? [] : [{ start: 0, end: word.length, phonemes: ipa }]
  return espeak
    .phonemes(word, code, instead)
    .replaceAll(/\([a-z-]*\)|_/g, '')
    .trim()
}

const words: readonly (readonly [code: string, words: string])[] = [
  [
    'fr-fr',
    'longtemps couché bonne bougie éteinte yeux Valjean Fantine Cosette Thénardier Gavroche grenouille Guillaume signe brun champ loin nuit huile œuf peu',
  ],
  [
    'de',
    'fand Gregor Samsa unruhigen Träumen erwachte Ungeziefer verwandelt Grete Schönheit Pferd Köpfe Häuser heute Fräulein Buch ich schwarz Sprache Garage',
  ],
  [
    'es',
    'Mancha quiero hidalgo Dulcinea Rocinante Sancho Panza caballero niño guerra perro jamón zapato ciudad huevo Quijano pingüino reina aire',
  ],
  [
    'it',
    'mezzo cammin vita ritrovai selva Beatrice Virgilio gnocchi figlio scena ciao giorno zucchero pizza Lucia chiesa guerra aglio',
  ],
  [
    'pt-br',
    'tempo hesitei memórias princípio Capitu Bentinho coração mãe pão não filho carro gente dia saudade João bem sim um ninho ilha',
  ],
  [
    'vi',
    'trăm năm trong cõi người ta khéo ghét Thúy Kiều Vân Trọng Từ Hải nghiêng nước thuyền quyên Nguyễn đường xuống bếp gặp hỏi ngã nặng sắc',
  ],
  [
    'cmn',
    '孙悟空 唐僧 猪八戒 花果山 水帘洞 妖怪 师父 天 地 人 女 绿 吃 日 四 二 雨 云 月 船 光 黄 翁 熊 知道',
  ],
]

test.each(words)('%s: what the library says of a word, given as IPA, is said so', (code, list) => {
  const different = list.split(' ').filter((word) => {
    const own = said(code, word)
    return said(code, word, own) !== own
  })
  expect(different).toEqual([])
})

const foreign = [
  'zˈɔɹfeɪn',
  'ˈθɜːstən',
  'ɡwˈiən',
  'ʁulˈɑ̃',
  'ˈpfeːɐ̯t',
  'ɕjɑʊ˨˩˦',
  'tʰaɪ˥˩',
  'ʎɐˈɲø',
  'ˈħaʕal',
  'ʈʂʰuŋ',
]

test.each([...words.map(([code]) => code), 'en-us', 'en-gb'])(
  '%s: sounds of other languages are said by the nearest, each of them',
  (code) => {
    for (const ipa of foreign) {
      const sounds = said(code, 'x', ipa)
      const vowels = (text: string): number => text.match(/[aeiouyæøœɐɑɒɔəɚɛɜɪʊʌ]+/gu)?.length ?? 0
      expect([ipa, vowels(sounds) >= vowels(ipa.replace('jɑʊ', 'ɑʊ')) - 1]).toEqual([ipa, true])
      expect(Array.from(sounds).length, `${ipa} → ${sounds}`).toBeGreaterThanOrEqual(3)
    }
  },
)

test.each([
  ['cmn', 'ma˥', '55', 'ma55'],
  ['cmn', 'ma˧˥', '35', 'ma35'],
  ['vi', 'maː˨˩', '2', 'maː2'],
])('tones of %s are written as contours, or as numbers: %s', (code, contour, _, number) => {
  expect(said(code, 'x', contour)).toBe(said(code, 'x', number))
  expect(said(code, 'x', contour)).not.toBe(said(code, 'x', contour.replaceAll(/[˥˧˨˩]/gu, '')))
})

test('words keep their places and sounds beside one that is said otherwise, elided ones too', () => {
  const told = (code: string, text: string, word: string, phonemes: string): string[] => {
    const start = text.indexOf(word)
    const pronunciations = [{ start, end: start + word.length, phonemes }]
    return new Phonemizer(espeak, code)
      .words(text, pronunciations)
      .map((one) => `${text.slice(one.start, one.end)} ${one.phonemes}`)
  }
  expect(told('fr-fr', 'Il vit l’homme de Digne.', 'homme', 'ˈam')).toEqual([
    'Il il',
    'vit vˈi',
    'l’homme lˈam',
    'de də-',
    'Digne dˈiɲ',
  ])
  expect(told('cmn', '他看见孙悟空走了。', '孙悟空', 'swˈən˥u˧˥khˈong˥')).toContain('孙悟空 swˈə5nuɜkhˈo5n')
  expect(told('de', 'Er kannte Darcy gut.', 'Darcy', 'dˈaːsi')).toContain('Darcy dˈaːsi')
})

test('a voice that is not English sounds otherwise', () => {
  const text = 'Il vit Rochester.'
  const sound = (phonemes?: string) =>
    espeak.synthesize(text, 'fr-fr', 175, phonemes === undefined ? [] : [{ start: 7, end: 16, phonemes }])
      .samples
  expect(sound('ʁɔʃɛstˈɛʁ')).not.toEqual(sound())
  expect(sound('ʁɔʃɛstˈɛʁ')).toEqual(sound('ʁɔʃɛstˈɛʁ'))
})
