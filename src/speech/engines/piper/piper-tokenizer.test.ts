import { expect, test } from 'vitest'
import { tinyConfig } from '../../../../test/fixtures/tiny-voice.ts'
import { textWords } from '../../../pronunciation/espeak/text-words.ts'
import { phonemeChunks } from '../../phoneme-chunks.ts'
import { characterWords, parsePiperConfig, piperPauseMarks, piperTokenizer } from './piper-config.ts'

const enUs = { code: 'en-us', identifier: 'gmw/en-US', name: 'English', language: 'en-US', aliases: [] }

function configured(changes: object = {}) {
  return parsePiperConfig(JSON.stringify({ ...tinyConfig(), ...changes }), [enUs])
}

/** The symbols of each chunk, `_` for pads; in a text of letters each word is its own phonemes. */
function tokenized(
  text: string,
  changes: object = {},
  sounds: Readonly<Record<string, string>> = {},
): string[] {
  const config = configured(changes)
  const characters = config.phonemes === 'characters'
  const words = characters
    ? characterWords(text)
    : textWords(text).map(({ start, end }) => {
        const word = text.slice(start, end)
        return { start, end, phonemes: sounds[word] ?? word }
      })
  const symbols = new Map([...config.ids].flatMap(([symbol, ids]) => ids.map((id) => [id, symbol] as const)))
  return phonemeChunks(text, words, piperTokenizer(config)).map(({ ids }) =>
    ids.map((id) => symbols.get(id)).join(''),
  )
}

test('phonemes are between ^ and $, each followed by a pad', () => {
  expect(tokenized('ab cd')).toEqual(['^_a_b_ _c_d_._$'])
})

test('phonemes are decomposed, mapped by the configuration, and omitted if it has no id', () => {
  expect(tokenized('x', {}, { x: 'ɔ̃ç' })).toEqual(['^_ɔ_\u0303_c_\u0327_._$'])
  expect(tokenized('x', { phoneme_map: { c: ['t', 'ʃ'] } }, { x: 'ca' })).toEqual(['^_t_ʃ_a_._$'])
  expect(tokenized('x', {}, { x: 'aꙮb' })).toEqual(['^_a_b_._$'])
  expect(tokenized('x', {}, { x: 'ꙮ' })).toEqual([])
})

test('a symbol may have several ids, and each word has the range of its ids', () => {
  const config = configured({
    phoneme_id_map: { _: [0], '^': [1], $: [2], ' ': [3], '.': [4], a: [5, 6], b: [7] },
  })
  const words = textWords('a b').map(({ start, end }, at) => ({ start, end, phonemes: 'ab'[at]! }))
  expect(phonemeChunks('a b', words, piperTokenizer(config))).toEqual([
    {
      ids: [1, 0, 5, 6, 0, 3, 0, 7, 0, 4, 0, 2],
      words: [
        { start: 0, end: 1, first: 2, last: 5 },
        { start: 2, end: 3, first: 7, last: 9 },
      ],
    },
  ])
})

test.each([
  ['ab, cd', '^_a_b_,_ _c_d_._$'],
  ['ab! cd?', '^_a_b_!_c_d_?_$'],
  ['ab—cd', '^_a_b_;_ _c_d_._$'],
  ['ab (cd) ef…', '^_a_b_,_ _c_d_,_ _e_f_;_$'],
  ['“ab”, “cd.”', '^_a_b_,_ _c_d_._$'],
])('"%s" is tokenized with Piper’s marks', (text, chunk) => {
  expect(tokenized(text)).toEqual([chunk])
})

test('a point within a sentence is not a mark', () => {
  expect(piperPauseMarks('. ', 'Mr', 'Smith')).toBe(' ')
  expect(piperPauseMarks('. ', 'left', 'She')).toBe('.')
})

test('no chunk has more than 400 phonemes; it is cut after a sentence, else a clause, else a word', () => {
  const sentences = `${'ab '.repeat(80)}cd, ${'ab '.repeat(20)}ef! ${'ab '.repeat(100)}ch.`
  const chunks = tokenized(sentences)
  expect(chunks.map((chunk) => chunk.slice(-8))).toEqual(['_e_f_!_$', '_c_h_._$'])
  for (const text of [sentences, 'a'.repeat(3000), 'ab, '.repeat(900)]) {
    const lengths = tokenized(text).map((chunk) => chunk.replaceAll('_', '').length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(401)
    const letters = tokenized(text)
      .join('')
      .replaceAll(/[^a-h]/g, '')
    expect(letters).toHaveLength(text.replaceAll(/[^a-h]/g, '').length)
  }
})

test('a voice trained on characters gets the text, decomposed, in the case that it knows', () => {
  const text = { phoneme_type: 'text' }
  expect(tokenized('Äb, “cd” – 1.', text)).toEqual(['^_a_b_,_ _c_d_ _ _1_._$'])
  const withCapitals = { ...text, phoneme_id_map: { ...tinyConfig().phoneme_id_map, A: [200] } }
  expect(tokenized('AB ab', withCapitals)).toEqual(['^_A_b_ _a_b_$'])
})
