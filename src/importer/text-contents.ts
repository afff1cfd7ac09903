import type { TextHeading } from './heading-line.ts'
import type { LineGroup } from './text-groups.ts'

/** Two headings of a table of contents have less than this many characters between them. */
export const contentsGap = 160

const title =
  /^(?:(?:table of )?contents|inhalt|inhaltsverzeichnis|table(?: des matières)?|sommaire|índice|indice|contenido|sommario|sumário|содержание|оглавление|mục lục|目录|目錄|目次|차례|목차)[.:：]?$/i
/** A list under that title has short lines; longer ones are the book. */
const longestEntry = 90

/**
 * Headings without the tables of contents: runs of at least four with next to nothing between them, most of which come again
 * elsewhere. If a run reaches into the body, it ends where its first heading comes again.
 */
export function withoutContents(
  lines: readonly string[],
  candidates: readonly TextHeading[],
): { body: TextHeading[]; contents: LineGroup[] } {
  const body: TextHeading[] = []
  const contents: LineGroup[] = []
  const keys = candidates.map(keyOf)
  for (let first = 0; first < candidates.length;) {
    let last = first
    while (last + 1 < candidates.length && isClose(lines, candidates, last)) last += 1
    const again = keys.indexOf(keys[first] ?? '', first + 4)
    const end = again > first && again <= last ? again : last + 1
    const outside = new Set(end - first < 4 ? [] : [...keys.slice(0, first), ...keys.slice(end)])
    const comesAgain = (index: number): boolean => outside.has(keys[index] ?? '')
    // A preface right below the table is none of its entries: it does not come again.
    let to = end
    while (to > first && !comesAgain(to - 1)) to -= 1
    const entries = keys.slice(first, to).filter((_, index) => comesAgain(first + index)).length
    if (to - first >= 4 && entries >= (to - first) * 0.6)
      contents.push({ start: candidates[first]?.start ?? 0, end: candidates[to - 1]?.end ?? 0 })
    else to = first
    body.push(...candidates.slice(to, end))
    first = end
  }
  return { body, contents }
}

/** Word and number, for a table may give the titles and the body not; the title where there is no number. */
function keyOf({ kind, word, number, title: text }: TextHeading): string {
  return kind === 'special' || number === undefined ? text.toLowerCase() : `${word} ${number}`
}

function isClose(lines: readonly string[], candidates: readonly TextHeading[], index: number): boolean {
  const [here, next] = [candidates[index], candidates[index + 1]]
  return here !== undefined && next !== undefined && gapBetween(lines, here.end, next.start) < contentsGap
}

/** Characters of text between two lines, counted up to `contentsGap`. */
export function gapBetween(lines: readonly string[], from: number, to: number): number {
  let gap = 0
  for (let line = from; line < to && gap < contentsGap; line += 1) gap += (lines[line] ?? '').trim().length
  return gap
}

/**
 * The tables that were found, each with the title above it, and the lists of short lines under such a title whose entries are
 * no headings in themselves (`I. Down the Rabbit-Hole … 1`).
 */
export function listedContents(
  lines: readonly string[],
  groups: readonly LineGroup[],
  headings: readonly TextHeading[],
  found: readonly LineGroup[],
): LineGroup[] {
  const ranges = [...found]
  groups.forEach((group, index) => {
    if (!title.test((lines[group.start] ?? '').trim())) return
    const next = groups[index + 1]
    const table = found.find(({ start }) => start === next?.start)
    if (table !== undefined) ranges.push({ start: group.start, end: group.end })
    else {
      const stop = headings.find(({ start }) => start > group.start)?.start
      const list =
        stop === undefined
          ? []
          : lines
              .slice(group.start + 1, stop)
              .map((line) => line.trim())
              .filter((line) => line !== '')
      const sentences = list.filter((line) => /\p{Ll}[.!?…]["”’»]?$/u.test(line)).length
      if (
        stop !== undefined &&
        list.length >= 4 &&
        list.every((line) => line.length <= longestEntry) &&
        sentences * 3 <= list.length
      )
        ranges.push({ start: group.start, end: stop })
    }
  })
  return ranges.toSorted((a, b) => a.start - b.start)
}
