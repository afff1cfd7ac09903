import { primarySubtag } from '../novel/voice.ts'
import { speechVerbs } from '../segmenter/speech-tags.ts'
import { narrationWords } from './narration-words.ts'

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
  const code = primarySubtag(language)
  // What a guillemet closes was opened in a paragraph before.
  const closed = text.includes('«') ? -1 : text.indexOf('»')
  const whole = { start: 0, end: closed < 0 ? text.length : closed + 1 }
  if (code === 'fr') return cutInserts(text, whole, language)
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
  const words = narrationWords(code)
  const verbs = speechVerbs(code)
  const tokens = text.slice(at, at + 80).match(/[\p{L}\p{M}'’]+|[.,;:!?—–]/gu) ?? []
  for (const [nth, word] of tokens.slice(0, 6).entries()) {
    if (!/\p{L}/u.test(word)) return false
    const low = word.toLowerCase()
    if (verbs.has(low) || words?.verbs.has(low) || words?.phrases.has(`${low} ${tokens[nth + 1] ?? ''}`))
      return true
    // “—saludó el hombre—”
    if (nth === 0 && code === 'es' && low === word && words?.tagVerbs.test(word)) return true
  }
  return false
}

const frenchPronoun = '(?:t-)?(?:il|elle|ils|elles|on|je)'

/** What goes on with the narrator's words behind a comma: “répondit-il, en tirant sa montre.”. */
const narrates =
  /^\s*(?:en\s+\p{Ll}+ant|tout\s+en|qui|dont|avec|sans|d[’']une?|(?:le|la|les)\s+(?:regard|voix|main|mains|yeux|visage|tête|front|doigt)|l[’']air|\p{Ll}+ant)(?!\p{L})/u

/** Quotes and dashes of French do not end where the narrator inserts “dit-il”: cuts a spoken range around inserts. */
export function cutInserts(text: string, { start, end }: Range, language: string): Range[] {
  const words = narrationWords(primarySubtag(language))
  const verbs = speechVerbs(primarySubtag(language))
  const spoken: Range[] = []
  let from = start
  const honorifics = [...(words?.honorifics ?? [])].join('|') || '(?!)'
  const candidate = new RegExp(
    `(?<=[,!?…»])\\s+(?:s['’]|se\\s|lui\\s|leur\\s|me\\s)?([\\p{Ll}]+)(?:-${frenchPronoun}|(?:\\s(?:observer|remarquer))?\\s+(?=\\p{Lu}|l['’]|(?:le|la|les|un|une|son|sa|mon|ma|notre)\\s|(?:${honorifics})\\s\\p{Lu}))`,
    'gu',
  )
  // A match may begin at the range's start: nothing before it is read again.
  candidate.lastIndex = start
  for (const match of text.slice(0, end).matchAll(candidate)) {
    if (match.index < from || match.index < start) continue
    if (!verbs.has(match[1]!) && !words?.verbs.has(match[1]!) && !words?.tagVerbs.test(match[1]!)) continue
    const after = match.index + match[0].length
    const to = endOfInsert(text, after, Math.min(end, match.index + longestInsert), end)
    if (to === undefined) continue
    spoken.push({ start: from, end: match.index })
    from = Math.min(to, end)
  }
  // What closes the quote belongs to it.
  if (/[^\s»”"]/u.test(text.slice(from, end)) || spoken.length === 0) spoken.push({ start: from, end })
  return spoken.filter((range) => range.end > range.start)
}

/** Where the narrator's words end that go on at `at`; `undefined`: not before `limit`. */
function endOfInsert(text: string, at: number, limit: number, end: number): number | undefined {
  const stops = /[,;:!?»]|(?<!(?:^|[\s'’])(?:M|MM|Mr|Mrs|Mme|Mlle|Dr|St))\./gu
  const rest = text.slice(at, limit)
  for (const { index, 0: mark } of rest.matchAll(stops)) {
    if (mark === ',' && narrates.test(rest.slice(index + 1))) continue
    return at + index + 1
  }
  return limit === end ? end : undefined
}
