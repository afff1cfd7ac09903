import { primarySubtag } from '../../../novel/voice.ts'
import { textWords } from '../../../pronunciation/espeak/text-words.ts'
import type { SizedWord } from '../../flow/estimated-words.ts'
import { chunksFor } from '../../server/speech-server-chunks.ts'

/** Languages that the text encoder has a tag for; `na` stands for all others. */
const languages = new Set(
  'en ko ja ar bg cs da de el es et fi fr hi hr hu id it lt lv nl pl pt ro ru sk sl sv tr uk vi'.split(' '),
)

/** Most characters at once: the models were taught with so many, and skip words of longer texts. */
const mostCharacters = 300
const mostSyllabic = 120
const syllabic = new Set(['ko', 'ja'])
const leastCharacters = 60

/** What the models were taught in place of other signs. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/\p{Extended_Pictographic}|[\u2600-\u27bf]|[♥☆♡©\\]/gu, ''],
  [/[\u2010-\u2015]/gu, '-'],
  [/[“”„«»]/gu, '"'],
  [/[‘’‚´`]/gu, "'"],
  [/[[\]|/#→←_<>]/gu, ' '],
  [/@/gu, ' at '],
  [/ (?=[,.!?;:'])/gu, ''],
  [/"{2,}/gu, '"'],
  [/'{2,}/gu, "'"],
  [/\s+/gu, ' '],
]
const endsInMark = /[.!?;:,'")}…。」』】〉》›»]$/u

/** A part of a text that is spoken at once. */
export interface SupertonicChunk {
  /** As the text encoder takes it. */
  readonly written: string
  /** Its letters and digits alone. */
  readonly letters: string
  /** Offsets into the whole text. */
  readonly words: readonly SizedWord[]
}

/** The language's tag. */
function languageTag(language: string): string {
  const primary = primarySubtag(language)
  return languages.has(primary) ? primary : 'na'
}

/**
 * Splits a text at pauses into parts for one inference each, of fewer characters where it is spoken slowly.
 */
export function supertonicChunks(
  text: string,
  { language, speed }: { readonly language: string; readonly speed: number },
): SupertonicChunk[] {
  const tag = languageTag(language)
  const most = syllabic.has(tag) ? mostSyllabic : mostCharacters
  const limit = Math.max(leastCharacters, Math.floor(most * Math.min(1, speed)))
  let from = 0
  return chunksFor(text, limit, language).flatMap((chunk) => {
    const start = text.indexOf(chunk, from)
    from = start + chunk.length
    const words = textWords(chunk)
    if (words.length === 0) return []
    return [
      {
        written: writtenFor(chunk, tag),
        letters: chunk.normalize('NFKD').replaceAll(/[^\p{L}\p{N}]/gu, ''),
        words: words.map((word, at) => ({
          start: start + word.start,
          end: start + word.end,
          size: lettersOf(chunk.slice(word.start, word.end)),
          pauses: /[,;:.!?…—–]/u.test(chunk.slice(word.end, words[at + 1]?.start ?? chunk.length)),
        })),
      },
    ]
  })
}

function writtenFor(chunk: string, tag: string): string {
  const plain = replacements
    .reduce((written, [pattern, sign]) => written.replace(pattern, sign), chunk.normalize('NFKD'))
    .trim()
  return `<${tag}>${endsInMark.test(plain) ? plain : `${plain}.`}</${tag}>`
}

function lettersOf(word: string): number {
  const letters = word.normalize('NFD').match(/\p{L}/gu)?.length ?? 0
  return letters + 3 * (word.match(/\p{N}/gu)?.length ?? 0)
}

/** The ids of characters by a table of UTF-16 units, −1 for those that the model does not know, which are left out. */
export function characterIds(written: string, table: readonly number[]): number[] {
  return Array.from(written).flatMap((character) => {
    const id = table[character.codePointAt(0)!]
    return id === undefined || id < 0 ? [] : [id]
  })
}
