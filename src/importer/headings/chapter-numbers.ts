import { readHeadingLine } from './heading-line.ts'
import { cjkNumber, readNumber } from './number-words.ts'

interface TitleNumber {
  /** `part`: numbers a part; used only if a novel has no chapter numbers, since its parts are its chapters then. */
  readonly of: 'chapter' | 'part'
  readonly number: number
}

/** Cache of parsed titles, since the same titles are asked for each time a novel is shown; cleared when full. */
const titleNumberCache = new Map<string, TitleNumber | undefined>()
const maxCachedTitles = 20_000

/** Those of these titles that are still to be parsed, which takes some 10 ms for a thousand. */
export function unparsedTitles(titles: readonly string[]): string[] {
  return titles.filter((title) => !titleNumberCache.has(title))
}

/** The chapter number in each title, parsed like headings in the importer; `undefined` for those without one. */
export function chapterNumbers(titles: readonly string[]): (number | undefined)[] {
  const found = titles.map(cachedNumber)
  const chapters = found.some((title) => title?.of === 'chapter')
  return found.map((title) => (title?.of === 'part' && chapters ? undefined : title?.number))
}

function cachedNumber(title: string): TitleNumber | undefined {
  if (titleNumberCache.has(title)) return titleNumberCache.get(title)
  if (titleNumberCache.size >= maxCachedTitles) titleNumberCache.clear()
  const found = titleNumber(title.trim())
  titleNumberCache.set(title, found)
  return found
}

function titleNumber(title: string): TitleNumber | undefined {
  const heading = readHeadingLine(title)
  if (heading?.kind === 'chapter') return numbered('chapter', heading.number)
  // A side story has a numbering of its own.
  if (heading?.kind === 'special') return undefined
  return (
    numbered('chapter', numberBehind(title)) ??
    numbered('part', heading?.number) ??
    numbered('chapter', bareNumber(title))
  )
}

function numbered(of: TitleNumber['of'], number: number | undefined): TitleNumber | undefined {
  return number === undefined ? undefined : { of, number }
}

/** Longer titles are prose and are not searched. */
const longest = 120

/** The number of a heading that follows a book's name or a volume: `Volume 2 - Chapter 5`, `The Lamp: Chapter Two`. */
function numberBehind(title: string): number | undefined {
  if (title.length > longest) return undefined
  for (const { index, 0: divider } of title.matchAll(/[,:;.|]\s+|\s[-–—]\s|[：]/gu)) {
    const heading = readHeadingLine(title.slice(index + divider.length).trim())
    if (heading?.kind === 'chapter') return heading.number
  }
  return undefined
}

/** A number without a heading word: `12`, `XII. The Ford`, `One`, `１２章`, `十二、归来`, `Folge 7`. */
function bareNumber(title: string): number | undefined {
  const cjk = /^([\d０-９〇零一二三四五六七八九十百千两兩廿卅]{1,7})\s*(?:[章回节節話话]|$|[、．.：:])/u.exec(
    title,
  )
  if (cjk !== null) return cjkNumber(cjk[1] ?? '')
  const five = /^\d{5}(?=$|[\s.:,)–—-])/.exec(title)
  if (five !== null) return Number(five[0])
  // At most one word may precede it, and then the number must be digits or a Roman numeral: “Part one of it”, “Only
  // one” have none.
  const [before = ''] =
    /^(?:\p{L}[\p{L}\p{M}]+\.?\s+|[#№]\s*)?(?=\p{Nd}|[IVXLCDM]+(?![\p{L}\p{N}]))/u.exec(title) ?? []
  const rest = title.slice(before.length)
  const number = readNumber(rest)
  if (number === undefined) return undefined
  const after = rest.slice(number.length)
  const digits = /^(?:\p{Nd}|[IVXLCDM\u2160-\u217f]+(?!\p{L}))/u.test(rest)
  // Number words also begin ordinary titles: “One morning in May”.
  return (digits ? /^(?:$|[\s.:,)–—-])/u : /^(?:$|\s*[.:)–—-](?!\p{L}))/u).test(after)
    ? number.value
    : undefined
}
