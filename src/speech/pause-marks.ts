/** Words that are written with a point in the midst of a sentence, where a voice would hear the sentence's end. */
const abbreviation =
  /^(?:Mr|Mrs|Ms|Dr|St|Mt|Prof|Rev|Hon|Capt|Col|Gen|Lt|Sgt|Maj|Adm|Gov|Pres|Messrs|Mme|Mlle|Jr|Sr|No|Nos|Vol|Esq|Fr|[A-HJ-Z])$/

/** What is written between two words, or after the last, in the few marks that voices know. */
const pauseMarks: readonly (readonly [RegExp, string])[] = [
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
  [/[^;:,.!?—…]/gu, ''],
]

/**
 * The one mark between the words `before` and `after` (empty at the text's end) that is heard: `, : — ; … . ! ?`;
 * `undefined` where none is. Quotation marks are not, brackets are read as commas.
 */
export function pauseMark(between: string, before: string, after: string): string | undefined {
  const pointOnly = /^\.\s*$/u.test(between) && after !== ''
  if (pointOnly && (abbreviation.test(before) || /^\p{Ll}/u.test(after))) return undefined
  const spelt = pauseMarks.reduce((written, [pattern, mark]) => written.replace(pattern, mark), between)
  // "(well)," would pause twice, "what?!" is one question.
  return Array.from(spelt).sort((a, b) => pauseWeight(b) - pauseWeight(a))[0]
}

function pauseWeight(mark: string): number {
  return ',:;—….!?'.indexOf(mark)
}
