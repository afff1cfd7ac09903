import type { EspeakEvent } from './espeak.ts'

/** `[start, end)` into the text. */
export interface TextWord {
  readonly start: number
  readonly end: number
}

/** A spoken word; times in seconds. */
export interface SpokenWord extends TextWord {
  readonly from: number
  readonly to: number
  /** IPA with stress. */
  readonly phonemes: string
}

/**
 * Letters and digits, joined by an apostrophe or hyphen within a word, by a point, comma or colon within a number, and
 * by the points of an abbreviation of single letters.
 */
const wordPattern =
  /[\p{L}\p{M}\p{N}]+(?:(?:['’\u2010\u2011-]|(?<=\p{N})[.,:](?=\p{N})|(?<=(?<!\p{L})\p{L})\.(?=\p{L}(?!\p{L})))[\p{L}\p{M}\p{N}]+)*/gu

/** Scripts without blanks between words. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

export function textWords(text: string): TextWord[] {
  return [...text.matchAll(wordPattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
}

export function hasUnspacedScript(text: string): boolean {
  return unspaced.test(text)
}

interface WordInProgress {
  start: number
  end: number
  token: number
  from: number
  to: number
  phonemes: string
}

/**
 * Words from the events of synthesis, in order. They are matched by the events' positions, not by their count: "of a"
 * is one event, "1999" four at one position, Chinese one per syllable. A word of the text without an event of its own
 * belongs to the one before it.
 */
export function spokenWords(text: string, events: readonly EspeakEvent[]): SpokenWord[] {
  const tokens = textWords(text)
  const words: WordInProgress[] = []
  let current: WordInProgress | undefined
  let token = 0
  for (const { position, seconds, phoneme } of events) {
    if (phoneme !== undefined) {
      if (current === undefined) continue
      // A phoneme lasts until the next event, so this extends the word's end.
      if (current.to < 0) current.to = seconds
      if (phoneme === '') continue
      current.phonemes += phoneme
      current.to = -1
      continue
    }
    if (current !== undefined && current.to < 0) current.to = seconds
    while (token < tokens.length - 1 && tokens[token]!.end <= position) token++
    const { start, end } = tokens[token] ?? { start: 0, end: text.length }
    const inside = cutsToken(text, start, end, position) ? position : start
    const known: WordInProgress | undefined = words.at(-1)
    if (known?.token === token && inside <= known.start) {
      current = known
      current.phonemes += ' '
      current.to = -1
      continue
    }
    if (known?.token === token) known.end = inside
    current = { start: inside, end, token, from: seconds, to: -1, phonemes: '' }
    words.push(current)
  }
  return fillGaps(words, tokens, events.at(-1)?.seconds ?? 0)
}

/** Whether a word may begin inside a sequence of letters: only in scripts without blanks. */
function cutsToken(text: string, start: number, end: number, position: number): boolean {
  return position > start && position < end && unspaced.test(text.slice(position, position + 2))
}

/** Merges words without events into their neighbours and makes the times monotonic. */
function fillGaps(words: readonly WordInProgress[], tokens: readonly TextWord[], last: number): SpokenWord[] {
  let reached = 0
  return words.map((word, index) => {
    const next = words[index + 1]
    const start = index === 0 ? Math.min(word.start, tokens[0]?.start ?? 0) : word.start
    const lastToken = next === undefined ? tokens.length - 1 : Math.max(word.token, next.token - 1)
    const end = next?.token === word.token ? word.end : (tokens[lastToken]?.end ?? word.end)
    const from = Math.max(reached, word.from)
    reached = Math.max(from, word.to < 0 ? last : word.to)
    return { start, end, from, to: reached, phonemes: word.phonemes.trim() }
  })
}

/** Abbreviations: their point does not end a sentence. */
const abbreviation =
  /^(?:Mr|Mrs|Ms|Dr|St|Mt|Prof|Rev|Hon|Capt|Col|Gen|Lt|Sgt|Maj|Adm|Gov|Pres|Messrs|Mme|Mlle|Jr|Sr|No|Nos|Vol|Esq|Fr|[A-HJ-Z])$/

/** Normalizes the text between two words, or after the last, to the few marks that voices know. */
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
 * The single mark between the words `before` and `after` (empty at the text's end) that causes a pause: `, : — ; … . !
 * ?`; `undefined` if there is none. Quotation marks are ignored, brackets are treated as commas.
 */
export function pauseMark(between: string, before: string, after: string): string | undefined {
  const pointOnly = /^\.\s*$/u.test(between) && after !== ''
  if (pointOnly && (abbreviation.test(before) || /^\p{Ll}/u.test(after))) return undefined
  const spelt = pauseMarks.reduce((written, [pattern, mark]) => written.replace(pattern, mark), between)
  // "(well)," would pause twice; "what?!" is one question.
  return Array.from(spelt).sort((a, b) => pauseWeight(b) - pauseWeight(a))[0]
}

function pauseWeight(mark: string): number {
  return ',:;—….!?'.indexOf(mark)
}
