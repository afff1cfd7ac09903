/**
 * eSpeak's IPA of American English in the symbols of Kokoro, which hibari shares. Order matters. After Kokoro's own
 * fallback for words that its dictionary lacks (hexgrad/misaki, espeak.py), as far as these symbols go.
 */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/n\u0329/gu, 'ᵊn'],
  [/aɪ/gu, 'I'],
  [/aʊ/gu, 'W'],
  [/dʒ/gu, 'ʤ'],
  [/eɪ/gu, 'A'],
  [/tʃ/gu, 'ʧ'],
  [/ɔɪ/gu, 'Y'],
  [/əl/gu, 'ᵊl'],
  [/oʊ/gu, 'O'],
  [/ɚ/gu, 'əɹ'],
  [/ɜːɹ?/gu, 'ɜɹ'],
  [/r/gu, 'ɹ'],
  [/[xç]/gu, 'k'],
  [/ɐ/gu, 'ə'],
  [/ɬ/gu, 'l'],
  [/ː/gu, ''],
  [/o/gu, 'ɔ'],
  [/ɾ/gu, 'T'],
  [/ʔ/gu, 't'],
  [/[\u0300-\u036f]/gu, ''],
]

export function hibariSymbols(ipa: string): string {
  return replacements.reduce((symbols, [pattern, symbol]) => symbols.replace(pattern, symbol), ipa)
}

/** Words that are written with a point in the midst of a sentence, where Kokoro would hear the sentence's end. */
const abbreviation =
  /^(?:Mr|Mrs|Ms|Dr|St|Mt|Prof|Rev|Hon|Capt|Col|Gen|Lt|Sgt|Maj|Adm|Gov|Pres|Messrs|Mme|Mlle|Jr|Sr|No|Nos|Vol|Esq|Fr|[A-HJ-Z])$/

/** What is written between two words, or after the last, in Kokoro's marks; blanks show where words part. */
const marks: readonly (readonly [RegExp, string])[] = [
  [/\.(?:\s?\.)+/gu, '…'],
  [/--+|[–―—]+/gu, '—'],
  [/\s-\s/gu, ' — '],
  [/[,、，،]/gu, ','],
  [/[.。．।۔]/gu, '.'],
  [/[!！]/gu, '!'],
  [/[?？؟]/gu, '?'],
  [/[;；]/gu, ';'],
  [/[:：]/gu, ':'],
  [/[()[\]]/gu, ','],
  [/[^;:,.!?—…\s]/gu, ''],
  [/\s+/gu, ' '],
]

/**
 * The marks between `before` and `after` (empty at the text's end). Kokoro's voices were taught without quotation marks;
 * brackets become the comma that they are read as.
 */
export function hibariMarks(between: string, before: string, after: string): string {
  const spelt = marks.reduce((written, [pattern, mark]) => written.replace(pattern, mark), between)
  const pointOnly = /^\.\s*$/u.test(between) && after !== ''
  const kept =
    pointOnly && (abbreviation.test(before) || /^\p{Ll}/u.test(after)) ? spelt.replace('.', '') : spelt
  // "(well)," would pause twice, "what?!" is one question.
  const [strongest] = Array.from(kept.replaceAll(/\s/gu, '')).sort((a, b) => weight(b) - weight(a))
  if (after === '') return strongest ?? '.'
  if (strongest === undefined) return ' '
  return strongest === '—' && !/\s/u.test(kept) ? '—' : `${strongest} `
}

function weight(mark: string): number {
  return ',:;—….!?'.indexOf(mark)
}
