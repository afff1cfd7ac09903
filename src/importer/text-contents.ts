import type { TextHeading } from './heading-line.ts'
import type { LineGroup } from './text-groups.ts'

/** Two headings of a table of contents have less than this many characters between them. */
export const contentsGap = 160

const title =
  /^(?:(?:table of )?contents|inhalt|inhaltsverzeichnis|table(?: des matières)?|sommaire|índice|indice|contenido|sommario|sumário|содержание|оглавление|mục lục|目录|目錄|目次|차례|목차)[.:：]?$/i
/** A list under that title has short lines; longer ones are the book. */
const longestEntry = 90
/** A book has a few tables of contents; what has thousands is none. */
const mostTitles = 10

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
  const total = countKeys(keys)
  for (let first = 0; first < candidates.length;) {
    const runKey = keys[first]
    let end = first + 1
    while (isClose(lines, candidates, end) && (end < first + 4 || keys[end] !== runKey)) end += 1
    const inside = countKeys(keys.slice(first, end))
    const comesAgain = (key: string): boolean => (total.get(key) ?? 0) > (inside.get(key) ?? 0)
    // A preface right below the table is none of its entries: it does not come again.
    let to = end
    while (to > first && !comesAgain(keys[to - 1] ?? '')) to -= 1
    const entries = keys.slice(first, to).filter(comesAgain).length
    const isTable = to - first >= 4 && entries >= (to - first) * 0.6
    if (isTable) contents.push({ start: candidates[first]?.start ?? 0, end: candidates[to - 1]?.end ?? 0 })
    body.push(...candidates.slice(isTable ? to : first, end))
    first = end
  }
  return { body, contents }
}

function countKeys(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Word and number, for a table may give the titles and the body not; the title where there is no number. */
function keyOf({ kind, word, number, title: text }: TextHeading): string {
  return kind === 'special' || number === undefined ? text.toLowerCase() : `${word} ${number}`
}

/** Whether next to nothing stands between a heading and the one before it. */
function isClose(lines: readonly string[], candidates: readonly TextHeading[], index: number): boolean {
  const [before, here] = [candidates[index - 1], candidates[index]]
  return before !== undefined && here !== undefined && gapBetween(lines, before.end, here.start) < contentsGap
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
  const starts = new Set(found.map(({ start }) => start))
  const titles = groups.flatMap((group, index) =>
    title.test((lines[group.start] ?? '').trim()) ? [index] : [],
  )
  const more = titles.slice(0, mostTitles).flatMap((index): LineGroup[] => {
    const group = groups[index] as LineGroup
    if (starts.has(groups[index + 1]?.start ?? -1)) return [group]
    const stop = headings.find(({ start }) => start > group.start)?.start
    return stop !== undefined && isList(lines, group.start + 1, stop)
      ? [{ start: group.start, end: stop }]
      : []
  })
  return [...found, ...more].toSorted((a, b) => a.start - b.start)
}

/** At least four lines, all short, few of them sentences. */
function isList(lines: readonly string[], start: number, end: number): boolean {
  const filled = lines
    .slice(start, end)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const sentences = filled.filter((line) => /\p{Ll}[.!?…]["”’»]?$/u.test(line)).length
  return (
    filled.length >= 4 &&
    sentences * 3 <= filled.length &&
    filled.every((line) => line.length <= longestEntry)
  )
}
