/** Languages whose names other books are full of. */
export type NameLanguage = 'en' | 'fr' | 'de' | 'es' | 'it' | 'vi' | 'zh'

/** What stands before a name of a language, in lower case. */
const titles: Readonly<Record<string, NameLanguage>> = {
  ...ofAll('monsieur madame mademoiselle mme mlle comte comtesse vicomte marquis père', 'fr'),
  ...ofAll('herr frau fräulein graf gräfin', 'de'),
  ...ofAll('señor señora señorita doña', 'es'),
  ...ofAll('signor signora signorina', 'it'),
  ...ofAll('ông bà cô cậu', 'vi'),
  ...ofAll('mr mrs miss sir lord lady', 'en'),
}

function ofAll(words: string, language: NameLanguage): Record<string, NameLanguage> {
  return Object.fromEntries(words.split(' ').map((word) => [word, language]))
}

const syllable =
  /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|er|[aeiouü])){1,3}$/u

/** Spellings that hardly another language has; the first that fits tells. */
const spellings: readonly (readonly [NameLanguage, (word: string) => boolean])[] = [
  ['vi', (word) => /[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/u.test(word)],
  ['es', (word) => /ñ|(?:^|[^aeiou])guez$|[ae]ndez$|[rnl][aeo]z$/u.test(word)],
  [
    'fr',
    (word) =>
      /[çèêœûî]|eaux?$|ault$|ieux?$|ienne$|oix$|oux$|i[eè]re$|gny$|[ao]gne$|ette$|^bour[bg].*e$/u.test(word),
  ],
  ['de', (word) => /ß|[äöü]|sch|tz|stein$|heim$|dorf$|hausen$|bach$/u.test(word)],
  [
    'it',
    (word) =>
      /(?:[aeiou](?:ll|tt|cc|zz|rd|nt)[aeiou]?[io]|gli|gn[aeio]|cchi[ao]?|ucci[oa]?|ini)$/u.test(word),
  ],
  ['zh', (word) => /zh|x[iu]|q[iu](?!e[ns])/u.test(word) && syllable.test(word)],
]

const vietnameseSyllable =
  /^(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?$/u

/** Whether a word can be no syllable of Vietnamese, so that its voice cannot know how it is said. */
export function isForeignToVietnamese(word: string): boolean {
  const withoutTones = word
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300\u0301\u0303\u0309\u0323]/gu, '')
  return !vietnameseSyllable.test(withoutTones.normalize('NFC'))
}

/** Spellings of English that these languages have not. */
const english = /^(?=[a-z]+$).*(?:sh|ck|oo|ee|igh|ough|w|th$)/u
const withoutEnglish: ReadonlySet<string> = new Set(['fr', 'es', 'it', 'pt'])
/** Spellings by which names are told in any book; the others are those of common words in related languages. */
const telling: ReadonlySet<NameLanguage> = new Set(['vi', 'de', 'zh'])

const slavic = /(?:[oe]v|in|ski|sky|skaya|vich|vna|ko)(?:a|s)?$|[áíóúý]/u

/** The language that a name is likely from, which is not that of its book; a guess. */
export function languageOfName(
  word: string,
  before: readonly string[],
  book: string,
): NameLanguage | undefined {
  const titled = before.map((title) => titles[title]).find((language) => language !== undefined)
  const small = word.toLowerCase()
  const spelt =
    spellings.find(
      ([language, fits]) =>
        language !== book && (book === 'en' || telling.has(language)) && fits(small) && canBe(language, book),
    )?.[0] ?? (withoutEnglish.has(book) && english.test(small) ? 'en' : undefined)
  // In Russian novels everybody is Monsieur.
  const found = spelt ?? (slavic.test(word) ? undefined : titled)
  return found === book ? undefined : found
}

/** Umlauts and cedillas are no sign where the book's language has them too. */
function canBe(language: NameLanguage, book: string): boolean {
  return language !== 'de' || !['fr', 'sv', 'fi', 'tr', 'hu', 'pt', 'es'].includes(book)
}

/** eSpeak's voice for the names of a language. */
export const nameVoices: Readonly<Record<NameLanguage, string>> = {
  en: 'en-us',
  fr: 'fr-fr',
  de: 'de',
  es: 'es',
  it: 'it',
  vi: 'vi',
  zh: 'cmn-latn-pinyin',
}

/** Sounds of other languages in those of English, longest first. */
const inEnglish: readonly (readonly [RegExp, string])[] = [
  [/[0-9˥˦˧˨˩ʰʲʷˀʔˑ.|-]|\u0329|\u032f|\u032a/gu, ''],
  [/ɑ\u0303/gu, 'ɑːn'],
  [/ɔ\u0303|o\u0303/gu, 'oʊn'],
  [/ɛ\u0303|œ\u0303|æ\u0303/gu, 'æn'],
  [/\u0303/gu, 'n'],
  [/t[sʂɕ]h?(?=[ˈˌ]?[iyɨ])|tɕh?|ʈʂh?/gu, 'tʃ'],
  [/ɲj?/gu, 'nj'],
  [/ʎj?/gu, 'lj'],
  [/[ʁʀrɾɽʐ]+/gu, 'ɹ'],
  [/[ɕʂç]/gu, 'ʃ'],
  [/x|χ/gu, 'h'],
  [/[ʝ]/gu, 'j'],
  [/β/gu, 'b'],
  [/[ɣɢ]/gu, 'ɡ'],
  [/[ʋ]/gu, 'v'],
  [/[ɥɰ]/gu, 'w'],
  [/ɓ/gu, 'b'],
  [/ɗ|ɖ/gu, 'd'],
  [/ʈ/gu, 't'],
  [/(?<![aeoɔ])ɪː?/gu, 'ɪ'],
  [/aɪ|aj/gu, 'A1'],
  [/aʊ|aw/gu, 'A2'],
  [/ɔɪ|ɔʏ|ɔø|oj/gu, 'O1'],
  [/eɪ|ej/gu, 'E1'],
  [/oʊ|ow/gu, 'O2'],
  [/yː?|uː?|ɯː?/gu, 'uː'],
  [/iː?/gu, 'iː'],
  [/øː?|œː?|ɤː?/gu, 'ʊ'],
  [/eː?/gu, 'eɪ'],
  [/oː?/gu, 'oʊ'],
  [/[aɑ]ː?/gu, 'ɑː'],
  [/ɔː?/gu, 'ɔː'],
  [/ɛː/gu, 'ɛ'],
  [/ɐː?|ɜː?|ʌː?/gu, 'ə'],
  [/ʏ/gu, 'ʊ'],
  [/ɨ/gu, 'ɪ'],
  [/A1/gu, 'aɪ'],
  [/A2/gu, 'aʊ'],
  [/O1/gu, 'ɔɪ'],
  [/E1/gu, 'eɪ'],
  [/O2/gu, 'oʊ'],
]

/** IPA of another language in the sounds that English voices know. */
export function soundsInEnglish(ipa: string): string {
  const bare = ipa
    .normalize('NFD')
    .replaceAll(/c\u0327/gu, 'ç')
    .replaceAll(/[_ ]/gu, '')
  return inEnglish.reduce((text, [pattern, sound]) => text.replaceAll(pattern, sound), bare)
}
