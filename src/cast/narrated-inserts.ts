import { speechVerbs } from '../segmenter/speech-tags.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** The longest insert, in characters: “dijo la vieja señora del tercero, mirando por la ventana”. */
const longestInsert = 160

/**
 * What is spoken in a paragraph that begins with a dash, without what the narrator inserts: “—No —dijo Ana—. Ven.”, “– Không,
 * – Lan nói. – Đi thôi.”, “— Non, dit-il, je reste.”. Ranges include dashes of speech, not those of inserts.
 */
export function spokenAfterDash(text: string, dashLength: number, language: string): Range[] {
  const [code = ''] = language.toLowerCase().split('-')
  if (code === 'fr') return cutInserts(text, { start: 0, end: text.length }, language)
  const spoken: Range[] = []
  let start = 0
  const dashes = /(?<=[\s,.!?…])[—–―-]{1,2}(?=[\s\p{L}¿¡])|(?<=[\p{L}\p{N}])[—–](?=[\s,.;:!?…]|$)/gu
  dashes.lastIndex = dashLength
  let insert: number | undefined
  for (const { index, 0: mark } of text.matchAll(dashes)) {
    if (insert === undefined) {
      if (!isInsert(text, index + mark.length, code)) continue
      if (index > start) spoken.push({ start, end: index })
      insert = index
    } else {
      insert = undefined
      start = index
    }
  }
  if (insert === undefined) spoken.push({ start, end: text.length })
  return spoken
}

/** Whether the narrator speaks from `at` on: a verb of speech is among the first words. */
function isInsert(text: string, at: number, code: string): boolean {
  const verbs = speechVerbs(code)
  const words = text.slice(at, at + 80).match(/[\p{L}\p{M}'’]+|[.,;:!?—–]/gu) ?? []
  for (const word of words.slice(0, 6)) {
    if (!/\p{L}/u.test(word)) return false
    if (verbs.has(word.toLowerCase())) return true
  }
  return false
}

const frenchPronoun = '(?:t-)?(?:il|elle|ils|elles|on|je)'

/** Quotes and dashes of French do not end where the narrator inserts “dit-il”: cuts a spoken range around inserts. */
export function cutInserts(text: string, { start, end }: Range, language: string): Range[] {
  const verbs = speechVerbs(language.toLowerCase().split('-')[0] ?? '')
  const spoken: Range[] = []
  let from = start
  const candidate = new RegExp(
    `(?<=[,!?…»])\\s+(?:s['’]|se\\s|lui\\s|leur\\s|me\\s)?([\\p{Ll}]+)(?:-${frenchPronoun}|\\s+(?=\\p{Lu}|l['’]|(?:le|la|les|un|une|son|sa|mon|ma|notre)\\s))`,
    'gu',
  )
  candidate.lastIndex = start
  for (const match of text.slice(0, end).matchAll(candidate)) {
    if (match.index < from || match.index < start || !verbs.has(match[1]!)) continue
    const rest = text.slice(match.index + match[0].length, Math.min(end, match.index + longestInsert))
    const stop = /[,.;:!?»]/u.exec(rest)
    const to = stop ? match.index + match[0].length + stop.index + 1 : end
    if (stop === null && rest.length >= longestInsert - match[0].length) continue
    spoken.push({ start: from, end: match.index })
    from = Math.min(to, end)
  }
  // What closes the quote belongs to it.
  if (/[^\s»”"]/u.test(text.slice(from, end)) || spoken.length === 0) spoken.push({ start: from, end })
  return spoken.filter((range) => range.end > range.start)
}
