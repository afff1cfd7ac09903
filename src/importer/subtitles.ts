import type { TextHeading } from './heading-line.ts'
import type { Layout, LineGroup } from './text-groups.ts'

const longestSubtitle = 200

/**
 * Titles that stand below a bare `CHAPTER IV`, as a paragraph of their own: the indices of their groups. A book has them or
 * has them not, so they are believed only where four of five chapters have one; but `CONCLUSION` right below a bare number
 * is always its title and begins no chapter of its own.
 */
export function findSubtitles(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
  headings: readonly TextHeading[],
): ReadonlySet<number> {
  if (!layout.spaced) return new Set()
  const bare = headings.filter((heading) => heading.kind === 'chapter' && heading.bare)
  const specialLines = new Set(headings.filter(({ kind }) => kind === 'special').map(({ start }) => start))
  const groupByStart = new Map(groups.map((group, index) => [group.start, index]))
  const headingLines = new Set(headings.map(({ start }) => start))
  const found = new Set<number>()
  const certain = new Set<number>()
  for (const { start, end } of bare) {
    const index = groupByStart.get(start)
    const own = index === undefined ? undefined : groups[index]
    const below = index === undefined ? undefined : groups[index + 1]
    const after = index === undefined ? undefined : groups[index + 2]
    if (index === undefined || own?.end !== end || below === undefined || after === undefined) continue
    if (specialLines.has(below.start)) certain.add(index + 1)
    if (headingLines.has(below.start) || headingLines.has(after.start)) continue
    if (isSubtitle(lines, below, layout)) found.add(index + 1)
  }
  const believed = bare.length >= 3 && found.size + certain.size >= bare.length * 0.8
  return believed ? new Set([...found, ...certain]) : certain
}

function isSubtitle(lines: readonly string[], { start, end }: LineGroup, { wrapped }: Layout): boolean {
  if (end - start > (wrapped ? 4 : 1)) return false
  const text = lines
    .slice(start, end)
    .map((line) => line.trim())
    .join(' ')
  return text.length <= longestSubtitle && /^[\p{L}\p{N}_]/u.test(text)
}
