import { readHeadingLine } from './heading-line.ts'
import { cjkNumber, readNumber } from './number-words.ts'

interface TitleNumber {
  /** `part`: of what holds chapters; counts where a novel has nothing else, since its parts are its chapters then. */
  readonly of: 'chapter' | 'part'
  readonly number: number
}

/** Titles read already, since the same ones are asked for with every look at a novel; emptied when it is full. */
const titleNumberCache = new Map<string, TitleNumber | undefined>()
const maxCachedTitles = 20_000

/** The number that each title gives its chapter, read as the importer reads headings; `undefined` for those with none. */
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
  // A side story that counts for itself is no chapter of the story.
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

/** Longer titles are prose; nothing is looked for in them. */
const longest = 120

/** Of a heading that stands behind a book's name or a volume: `Volume 2 - Chapter 5`, `The Lamp: Chapter Two`. */
function numberBehind(title: string): number | undefined {
  if (title.length > longest) return undefined
  for (const { index, 0: divider } of title.matchAll(/[,:;.|]\s+|\s[-–—]\s|[：]/gu)) {
    const heading = readHeadingLine(title.slice(index + divider.length).trim())
    if (heading?.kind === 'chapter') return heading.number
  }
  return undefined
}

/** `12`, `XII. The Ford`, `One`, `１２章`, `十二、归来`, `Folge 7`: a number without a word that headings use. */
function bareNumber(title: string): number | undefined {
  const cjk = /^([\d０-９〇零一二三四五六七八九十百千两兩廿卅]{1,7})\s*(?:[章回节節話话]|$|[、．.：:])/u.exec(
    title,
  )
  if (cjk !== null) return cjkNumber(cjk[1] ?? '')
  const five = /^\d{5}(?=$|[\s.:,)–—-])/.exec(title)
  if (five !== null) return Number(five[0])
  // At most one word stands before it, and then it is no word itself: “Part one of it”, “Only one”.
  const [before = ''] =
    /^(?:\p{L}[\p{L}\p{M}]+\.?\s+|[#№]\s*)?(?=\p{Nd}|[IVXLCDM]+(?![\p{L}\p{N}]))/u.exec(title) ?? []
  const rest = title.slice(before.length)
  const number = readNumber(rest)
  if (number === undefined) return undefined
  const after = rest.slice(number.length)
  const digits = /^(?:\p{Nd}|[IVXLCDM\u2160-\u217f]+(?!\p{L}))/u.test(rest)
  // Words begin many a title: “One morning in May”.
  return (digits ? /^(?:$|[\s.:,)–—-])/u : /^(?:$|\s*[.:)–—-](?!\p{L}))/u).test(after)
    ? number.value
    : undefined
}
