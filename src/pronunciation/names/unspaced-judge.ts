import { primarySubtag } from '../../novel/voice.ts'
import type { Judgement } from './name-judge.ts'

/** Says how a name in Chinese or Japanese characters is read, and how sure that is. */
export type UnspacedJudge = (word: string) => Judgement

/** Loads what the language is read by, which is some MB. */
export async function openUnspacedJudge(language: string): Promise<UnspacedJudge> {
  return primarySubtag(language) === 'ja' ? openJapaneseJudge() : openChineseJudge()
}

/** Characters with several readings make a name unsure; a surname often has one that no other word has. */
async function openChineseJudge(): Promise<UnspacedJudge> {
  const [{ pinyin }, { ChinesePhonemizer }] = await Promise.all([
    import('pinyin-pro'),
    import('../chinese/chinese-phonemizer.ts'),
  ])
  const phonemizer = new ChinesePhonemizer({ sandhi: false })
  return (word) => {
    const characters = Array.from(word)
    const several = characters.filter(
      (character) => new Set(pinyin(character, { type: 'array', multiple: true })).size > 1,
    )
    const said = phonemizer
      .words(word)
      .map(({ phonemes }) => phonemes)
      .join(' ')
    const doubt = 0.2 + (0.6 * several.length) / characters.length
    // 单 is Shàn as a surname, else dān.
    const read = { toneType: 'num', v: true } as const
    const named = pinyin(word, { ...read, surname: 'head' })
    const [asSurname] = named.split(' ', 1)
    const [asWord] = pinyin(word, read).split(' ', 1)
    if (asSurname === asWord || characters[0] === characters[1]) return { said, doubt }
    return { said, doubt: 0.9, proposal: { ipa: named.replaceAll('0', '5'), basis: 'dictionary' } }
  }
}

/** Of most names the characters do not tell the reading: 東 is Azuma or Higashi. Kana do. */
async function openJapaneseJudge(): Promise<UnspacedJudge> {
  const { openJapanese } = await import('../japanese/japanese-phonemizer.ts')
  const phonemizer = openJapanese({ words: () => [] })
  return (word) => {
    const words = phonemizer.words(word)
    // Put together of single characters it is in no dictionary.
    return { said: words.map(({ phonemes }) => phonemes).join(''), doubt: words.length > 1 ? 0.9 : 0.6 }
  }
}
