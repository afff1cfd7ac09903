/** A word of the dictionary, in `[start, end)` of the text. */
export interface JapaneseToken {
  readonly start: number
  readonly end: number
  readonly surface: string
  /** As it is said, in katakana; empty: unknown, or a mark. */
  readonly kana: string
  /** In Japanese, as the dictionary names it: 名詞, 助詞 … */
  readonly partOfSpeech: string
  readonly detail: string
}

/** Words that the dictionary reads otherwise than a novel mostly does, or takes apart. */
const readings: Readonly<Record<string, string>> = {
  山道: 'ヤマミチ',
  百合: 'ユリ',
  一声: 'ヒトコエ',
  一人前: 'イチニンマエ',
  火傷: 'ヤケド',
  雑魚: 'ザコ',
  泥濘: 'ヌカルミ',
  天晴れ: 'アッパレ',
  獣: 'ケモノ',
  土: 'ツチ',
  地毛: 'ジゲ',
  一手: 'イッテ',
  爆睡: 'バクスイ',
  石化: 'セキカ',
  頬: 'ホオ',
  瞼: 'マブタ',
  掌: 'テノヒラ',
  狼狽: 'ローバイ',
  大人気: 'ダイニンキ',
  言う: 'ユー',
  いう: 'ユー',
  云う: 'ユー',
}
const anyReading = new RegExp(Object.keys(readings).join('|'), 'gu')

/** Readings that depend on what follows. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/人気(?=の?[無な][いくか])/gu, 'ヒトケ'],
  [/額(?=[にをのかへが])/gu, 'ヒタイ'],
  [/(?<=時)十分|十分(?=[間後前経])/gu, 'ジュップン'],
  [/(?<!月)一日(?=中)/gu, 'イチニチ'],
  [/(?<=一日)中/gu, 'ジュー'],
  [/(?<=世界|年|家|体|町|村|国|部屋|島)中(?=[のでがをにへ、。])/gu, 'ジュー'],
]

/** A reading for `[start, end)` of a text. */
export interface KnownReading {
  readonly start: number
  readonly end: number
  readonly kana: string
}

/** Words of the tables that are whole words of the text. */
export function knownReadings(tokens: readonly JapaneseToken[], text: string): KnownReading[] {
  const starts = new Set(tokens.map(({ start }) => start))
  const ends = new Set(tokens.map(({ end }) => end))
  const found = [
    ...patterns.flatMap(([pattern, kana]) =>
      [...text.matchAll(pattern)].map(({ 0: word, index }) => ({
        start: index,
        end: index + word.length,
        kana,
      })),
    ),
    ...[...text.matchAll(anyReading)].map(({ 0: word, index }) => ({
      start: index,
      end: index + word.length,
      kana: readings[word]!,
    })),
  ]
  return found.filter(({ start, end }) => starts.has(start) && ends.has(end))
}

/** The reading of a token by its neighbours; its own if no rule applies. */
export function readingInContext(tokens: readonly JapaneseToken[], index: number): string {
  const { surface, kana } = tokens[index]!
  if (surface.startsWith('日本') && kana.startsWith('ニッポン')) return `ニホン${kana.slice(4)}`
  return kana
}
