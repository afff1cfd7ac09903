import { Failure } from '../novel/failure.ts'
import { type LexiconEntry, lexiconLimits } from '../novel/lexicon-entry.ts'
import { readPinyin } from '../pronunciation/chinese/pinyin-syllables.ts'
import { hasSound, plainIpa, unknownSymbol } from './ipa-symbols.ts'

/**
 * The entry in the form in which it is stored: NFC, without blanks around it. Throws `lexicon.impossible`, which names the
 * symbol that nobody can say.
 */
export function checkedEntry(entry: LexiconEntry): LexiconEntry {
  const { caseSensitive, stem, language } = entry
  const written = line(entry.written)
  const said = line(entry.words ?? entry.ipa ?? '')
  if ((entry.words === undefined) === (entry.ipa === undefined))
    throw impossible(`for “${written}”, say either other words or IPA`)
  if (!/[\p{L}\p{N}]/u.test(written)) throw impossible('a word has letters or digits')
  if (written.length > lexiconLimits.written)
    throw impossible(`“${written.slice(0, 20)}…” is longer than ${lexiconLimits.written} characters`)
  if (said.length > lexiconLimits.said)
    throw impossible(
      `what is said for “${written}” is longer than ${lexiconLimits.said} characters; take shorter words`,
    )
  const head = { written, ...(language !== undefined && { language }), caseSensitive, stem }
  if (entry.words !== undefined) {
    if (!/[\p{L}\p{N}]/u.test(said)) throw impossible(`what is said for “${written}” has no letters`)
    return { ...head, words: said }
  }
  const ipa = plainIpa(markedPinyin(said) ?? said)
  const symbol = unknownSymbol(ipa)
  if (symbol !== undefined)
    throw impossible(
      `“${symbol}” (U+${symbol.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}) in /${ipa}/ is no symbol of IPA that a voice knows`,
    )
  if (!hasSound(ipa)) throw impossible(`the IPA for “${written}” has no sound in it`)
  return { ...head, ipa }
}

/** The same; `undefined` if nobody can say it. */
export function sayable(entry: LexiconEntry): LexiconEntry | undefined {
  try {
    return checkedEntry(entry)
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

/** Pinyin with its tones as accents, for Chinese voices, in the form with numbers; `undefined` if it is none. */
function markedPinyin(said: string): string | undefined {
  return /[\u0304\u0301\u030c\u0300]/u.test(said.normalize('NFD')) ? readPinyin(said) : undefined
}

function impossible(detail: string): Failure {
  return new Failure('lexicon.impossible', { detail })
}

/** Without control characters and those that mark pronunciations. */
function line(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\ufff9-\ufffb]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
