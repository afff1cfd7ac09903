import { expect, test } from 'vitest'
import { openJapanese } from './japanese-phonemizer.ts'

const latin = { words: (text: string) => [{ start: 0, end: text.length, phonemes: 'ipa' }] }
const japanese = openJapanese(latin)

function reading(text: string): string {
  return japanese
    .words(text)
    .map(({ phonemes }) => phonemes)
    .join('')
}

// Written by hand.
test.each([
  ['particles', '私は駅へ行った。', 'ワタシワエキエイッタ'],
  ['counters', '二十日の朝、彼は一人で山道を歩いた。', 'ハツカノアサカレワヒトリデヤマミチヲアルイタ'],
  ['people', '二人、三人、四人、七人、十人、何人', 'フタリサンニンヨニンナナニンジューニンナンニン'],
  [
    'long things',
    '一本、二本、三本、六本、八本、十本、何本',
    'イッポンニホンサンボンロッポンハッポンジュッポンナンボン',
  ],
  ['animals', '一匹、三匹、四匹、百匹', 'イッピキサンビキヨンヒキヒャッピキ'],
  ['times', '午後四時三十分、七時、九時', 'ゴゴヨジサンジュップンシチジクジ'],
  ['days', '五月一日、三日、十日、二十日、二十五日', 'ゴガツツイタチミッカトーカハツカニジューゴニチ'],
  ['years in figures', '1999年4月1日', 'センキューヒャクキュージューキューネンシガツツイタチ'],
  ['figures in full width', '２０％、１２万円', 'ニジュッパーセントジューニマンエン'],
  ['decimals', '3.5キロ', 'サンテンゴキロ'],
  ['large numbers', '3600、18000、六百人', 'サンゼンロッピャクイチマンハッセンロッピャクニン'],
  ['about so many', '二三人と四五日', 'ニサンニントシゴニチ'],
  ['ages', '二十歳と八歳', 'ハタチトハッサイ'],
  ['words that look like numbers', '一本気な男は十分だ。万一', 'イッポンギナオトコワジューブンダマンイチ'],
  ['Japan', '日本語', 'ニホンゴ'],
  ['foreign names', 'ピエール・ヴェルヌ', 'ピエールヴェルヌ'],
])('%s', (_, text, kana) => {
  expect(reading(text)).toBe(kana)
})

test('words have their places in the text, a number with its counter is one', () => {
  const text = '「二十日の朝、ＡＢＣと𠮷野家で３本」'
  const words = japanese.words(text)
  expect(words.map(({ start, end }) => text.slice(start, end))).toEqual([
    '二十日',
    'の',
    '朝',
    'ＡＢＣ',
    'と',
    '野家',
    'で',
    '３本',
  ])
})

test('a given pronunciation goes before: kana, or another language’s sounds', () => {
  const said = (phonemes: string) =>
    japanese.words('山道を', [{ start: 0, end: 2, phonemes }]).map((word) => word.phonemes)
  expect(said('さんどう')).toEqual(['サンドウ', 'ヲ'])
  expect(said('jamamɪtʃi')).toEqual(['jamamɪtʃi', 'ヲ'])
  expect(said('')).toEqual(['ヲ'])
})
