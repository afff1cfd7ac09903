import type { PdfLine } from './pdf-page.ts'
import { isLarge, textSize } from './pdf-paragraphs.ts'

/** Lines at the head and foot of a page that may be furniture. */
const edgeLines = 2
/** Pages on which a running head stands at least. */
const fewestPages = 3
/** Points by which its place differs from page to page. */
const tolerance = 6

const pageNumber =
  /^[\s|·•—–-]*(?:(?:page|seite|página|pagina|trang|стр\.?)\s*)?(?:\d{1,4}|[ivxlc]{1,8})(?:\s*(?:\/|of|von|de|sur)\s*\d{1,4})?[\s|·•—–-]*$/i

/** Large figures on more than this share of the pages number these, on fewer the chapters. */
const numberedShare = 1 / 3

/**
 * The lines that a book repeats at the head or foot of its pages: running heads and page numbers. What stands there on
 * a page or two is text, and so are headings of chapters that only their figures tell apart.
 */
export function furnitureOf(pages: readonly (readonly PdfLine[])[]): ReadonlySet<PdfLine> {
  const size = textSize(pages.flat())
  const candidates = pages.flatMap((lines) => {
    const sorted = lines.toSorted((a, b) => b.y - a.y)
    const edges = [...sorted.slice(0, edgeLines), ...sorted.slice(-edgeLines)]
    return [...new Set(edges)].map((line) => ({ line, key: keyOf(line, isLarge(line, size)) }))
  })
  const groups = Map.groupBy(candidates, ({ key }) => key)
  const furniture = new Set<PdfLine>()
  for (const [key, group] of groups) {
    if (key === largeNumber && group.length <= pages.length * numberedShare) continue
    for (const line of repeatedLines(group.map((candidate) => candidate.line))) furniture.add(line)
  }
  return furniture
}

/** Of lines alike those that stand at about the same height on enough pages. */
function* repeatedLines(lines: readonly PdfLine[]): Generator<PdfLine> {
  const sorted = lines.toSorted((a, b) => a.y - b.y)
  /** Lines by page of those between `low` and `high`, which are near the present one. */
  const near = new Map<number, number>()
  const count = ({ page }: PdfLine, change: number): void => {
    const present = (near.get(page) ?? 0) + change
    if (present === 0) near.delete(page)
    else near.set(page, present)
  }
  let [low, high] = [0, 0]
  for (const line of sorted) {
    for (; high < sorted.length && sorted[high]!.y - line.y <= tolerance; high++) count(sorted[high]!, 1)
    for (; line.y - sorted[low]!.y > tolerance; low++) count(sorted[low]!, -1)
    if (near.size >= fewestPages) yield line
  }
}

const largeNumber = '##'

/** Equal for the same head on other pages: figures differ, and every page number is one. */
function keyOf({ text }: PdfLine, large: boolean): string {
  if (pageNumber.test(text)) return large ? largeNumber : '#'
  return large ? text : text.replaceAll(/\d+/g, '#').toLowerCase()
}
