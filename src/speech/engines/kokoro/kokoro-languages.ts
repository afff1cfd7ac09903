import { primarySubtag } from '../../../novel/voice.ts'
import { isPinyin } from '../../../pronunciation/chinese/pinyin-syllables.ts'
import type { Espeak } from '../../../pronunciation/espeak/espeak.ts'
import { Phonemizer } from '../../../pronunciation/espeak/phonemizer.ts'
import { isKana } from '../../../pronunciation/japanese/kana.ts'
import type { WordPhonemizer } from '../../../pronunciation/word-phonemizer.ts'
import type { PhonemeTokenizer } from '../../phoneme-chunks.ts'
import { hibariPauseMarks } from '../hibari/hibari-symbols.ts'
import { bopomofoSymbols } from './bopomofo-symbols.ts'
import { kanaSymbols } from './kana-symbols.ts'
import { kokoroPhonemes, kokoroTokenizer } from './kokoro-symbols.ts'
import { pinyinIpa } from './pinyin-ipa.ts'

/** How a language is spoken. */
export interface KokoroLanguage {
  readonly phonemizer: WordPhonemizer
  readonly tokenizer: PhonemeTokenizer
}

interface LanguageContext {
  readonly espeak: Espeak
  readonly ids: ReadonlyMap<string, number>
  /** Of the Chinese model. */
  readonly chinese: boolean
}

/** By what identifies a language here; voices with the same are spoken alike. `undefined`: nothing speaks it. */
export function kokoroLanguageCode(language: string): string | undefined {
  const primary = primarySubtag(language)
  return primary === 'ja' || primary === 'zh' ? primary : kokoroPhonemes(language)
}

/** Opens a language; the front ends of Chinese and Japanese are loaded by the worker that needs them. */
export async function openKokoroLanguage(
  language: string,
  code: string,
  { espeak, ids, chinese }: LanguageContext,
): Promise<KokoroLanguage> {
  if (code !== 'ja' && code !== 'zh') {
    const phonemizer = new Phonemizer(espeak, code, { keepsUnits: !code.startsWith('en') })
    return { phonemizer, tokenizer: kokoroTokenizer(ids, language) }
  }
  const latin = new Phonemizer(espeak, 'en-us')
  const english = kokoroTokenizer(ids, 'en-US')
  if (code === 'ja') {
    const { openJapanese } = await import('../../../pronunciation/japanese/japanese-phonemizer.ts')
    const sound = (phonemes: string): readonly number[] =>
      isKana(phonemes) ? english.markIds(kanaSymbols(phonemes)) : english.sound(phonemes)
    return { phonemizer: openJapanese(latin), tokenizer: { ...english, mark: markBetween(' '), sound } }
  }
  const { ChinesePhonemizer } = await import('../../../pronunciation/chinese/chinese-phonemizer.ts')
  const symbols = chinese ? bopomofoSymbols : pinyinIpa
  const sound = (phonemes: string): readonly number[] =>
    isPinyin(phonemes) ? english.markIds(symbols(phonemes)) : english.sound(phonemes)
  return {
    // The voices of the first model were taught on the tones that each word has by itself.
    phonemizer: new ChinesePhonemizer({ sandhi: chinese, latin }),
    tokenizer: { ...english, mark: markBetween(chinese ? '/' : ' '), sound },
  }
}

/** The mark between two words of a language without blanks; `boundary` where there is none. */
function markBetween(boundary: string): PhonemeTokenizer['mark'] {
  return (between, before, after) => {
    const mark = hibariPauseMarks(between.replaceAll(/[（）【】]/gu, '('), before, after)
    const isLatin = /\p{Script=Latin}/u
    return mark === ' ' && between === '' && !isLatin.test(before) && !isLatin.test(after) ? boundary : mark
  }
}
