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
    for (const { line } of group) {
      const alike = group.filter(({ line: other }) => Math.abs(other.y - line.y) <= tolerance)
      if (new Set(alike.map(({ line: other }) => other.page)).size >= fewestPages) furniture.add(line)
    }
  return furniture
}

/** Equal for the same head on other pages: figures differ, and every page number is one. */
function keyOf({ text }: PdfLine): string {
  return pageNumber.test(text) ? '#' : text.replaceAll(/\d+/g, '#').toLowerCase()
}
