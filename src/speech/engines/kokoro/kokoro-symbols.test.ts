import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { closeEspeak, openEspeak } from '../../../pronunciation/espeak/espeak.ts'
import { Phonemizer } from '../../../pronunciation/espeak/phonemizer.ts'
import { kokoroPhonemes, kokoroSymbols, kokoroTokenizer } from './kokoro-symbols.ts'

const table = new URL('../../../../voices/heart/kokoro-symbols.json', import.meta.url)
const ids = new Map(Object.entries(JSON.parse(readFileSync(table, 'utf8')) as Record<string, number>))
const espeak = await openEspeak()
afterAll(closeEspeak)

test.each([
  ['n_ˈi_ɲ_o', 'nˈiɲo'],
  ['m_ˈaɪ_s', 'mˈIs'],
  ['m_a_ˈi_s', 'maˈis'],
  ['tʃ_ˈi_k_o', 'ʧˈiko'],
  // Two vowels that only look like a diphthong stay two.
  ['p_a_ɪ', 'paɪ'],
  ['k_ˈu_r.', 'kˈuɽ'],
  ['a-_b', 'ab'],
])('"%s" is "%s"', (ipa, symbols) => {
  expect(kokoroSymbols(ipa)).toBe(symbols)
})

test.each([
  ['es', 'El pingüino llegó a la casa azul, y los niños jugaban en el jardín con cuatro perros viejos.'],
  ['fr-FR', 'Un vieux capitaine ouvrit la fenêtre ; le vent froid entra dans la grande maison de campagne.'],
  ['hi', 'उसने खिड़की खोली और शाम की ठंडी हवा अंदर आई, लड़का घर पर था।'],
  ['it', 'Gli anziani aprirono la finestra, e l’aria fredda della sera entrò nella stanza degli zii.'],
  ['pt-BR', 'As crianças não abriram a janela, e o ar frio da noite entrou no coração da casa.'],
])('every phoneme of %s has an id', (language, text) => {
  const phonemizer = new Phonemizer(espeak, kokoroPhonemes(language)!, { keepsUnits: true })
  const { sound } = kokoroTokenizer(ids, language)
  for (const { phonemes } of phonemizer.words(text)) {
    const symbols = Array.from(kokoroSymbols(phonemes).normalize('NFD'))
    expect(sound(phonemes).length, phonemes).toBe(symbols.length)
  }
})

test('languages that eSpeak does not serve have none of its phonemes', () => {
  expect(kokoroPhonemes('ja-JP')).toBeUndefined()
  expect(kokoroPhonemes('zh')).toBeUndefined()
  expect(kokoroPhonemes('en-GB')).toBe('en-gb')
  expect(kokoroPhonemes('pt')).toBe('pt-br')
})
