import { isPinyin } from '../../../pronunciation/chinese/pinyin-syllables.ts'
import type { PhonemeTokenizer } from '../../phoneme-chunks.ts'
import { type PiperConfig, piperPauseMarks } from './piper-config.ts'

const initials = /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])/

/** 130 syllables: each has three symbols and a pad. */
const maxIds = 520

/**
 * Tokenizer of a Piper voice that was taught on pinyin (OHF-Voice/piper1-gpl, phonemize_chinese.py): initial, final and
 * tone of each syllable, and a pad only after the tone or a mark.
 */
export function pinyinTokenizer({ ids }: PiperConfig): PhonemeTokenizer {
  const idsOf = (symbol: string): readonly number[] => ids.get(symbol) ?? []
  const pad = idsOf('_')
  const syllable = (written: string): number[] => {
    const initial = initials.exec(written)?.[0] ?? ''
    const final = written.slice(initial.length, -1)
    // These voices have no symbol for the r of 儿: the syllable is said without it.
    const plain = final.length > 1 && final !== 'er' ? final.replace(/r$/, '') : final
    const [own, tone] = [idsOf(plain), idsOf(written.at(-1)!)]
    return own.length === 0 ? [] : [...idsOf(initial || 'Ø'), ...own, ...tone, ...pad]
  }
  const marks = (mark: string): number[] =>
    Array.from(mark.trim()).flatMap((one) => {
      const own = idsOf(one)
      return own.length === 0 ? [] : [...own, ...pad]
    })
  return {
    maxIds,
    sound: (phonemes) =>
      isPinyin(phonemes) ? phonemes.replaceAll('ɡ', 'g').split(' ').flatMap(syllable) : [],
    mark: (between, before, after) => piperPauseMarks(between.replaceAll(/[（）【】]/gu, '('), before, after),
    markIds: marks,
    beginning: idsOf('^'),
    ending: idsOf('$'),
  }
}
