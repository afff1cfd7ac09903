import type { PdfLine } from './pdf-page.ts'

/** Lines at the head and foot of a page that may be furniture. */
const edgeLines = 2
/** Pages on which a running head stands at least. */
const fewestPages = 3
/** Points by which its place differs from page to page. */
const tolerance = 6

const pageNumber =
  /^[\s|·•—–-]*(?:(?:page|seite|página|pagina|trang|стр\.?)\s*)?(?:\d{1,4}|[ivxlc]{1,8})(?:\s*(?:\/|of|von|de|sur)\s*\d{1,4})?[\s|·•—–-]*$/i

/**
 * The lines that a book repeats at the head or foot of its pages: running heads and page numbers. What stands there on
 * a page or two is text.
 */
export function furnitureOf(pages: readonly (readonly PdfLine[])[]): ReadonlySet<PdfLine> {
  const candidates = pages.flatMap((lines) => {
    const sorted = lines.toSorted((a, b) => b.y - a.y)
    const edges = [...sorted.slice(0, edgeLines), ...sorted.slice(-edgeLines)]
    return [...new Set(edges)].map((line) => ({ line, key: keyOf(line) }))
  })
  const groups = Map.groupBy(candidates, ({ key }) => key)
  const furniture = new Set<PdfLine>()
  for (const group of groups.values())
    for (const line of repeatedLines(group.map((candidate) => candidate.line))) furniture.add(line)
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

/** Equal for the same head on other pages: figures differ, and every page number is one. */
function keyOf({ text }: PdfLine): string {
  return pageNumber.test(text) ? '#' : text.replaceAll(/\d+/g, '#').toLowerCase()
}
