import type { TextHeading } from '../headings/heading-line.ts'
import type { Layout, LineGroup } from '../lines/line-groups.ts'

const longestSubtitle = 200

/**
 * Finds titles below a bare `CHAPTER IV` in a paragraph of their own: the indices of their groups. They are accepted
 * only if four of five chapters have one and they differ from the paragraphs that follow: no sentences, or much shorter
 * ones. `CONCLUSION` directly below a bare number is always its title and never begins a chapter.
 */
export function findSubtitles(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
  headings: readonly TextHeading[],
): ReadonlySet<number> {
  const bare = headings.filter((heading) => heading.kind === 'chapter' && heading.bare)
  const specialLines = new Set(headings.filter(({ kind }) => kind === 'special').map(({ start }) => start))
  const groupByStart = new Map(groups.map((group, index) => [group.start, index]))
  const headingLines = new Set(headings.map(({ start }) => start))
  const found = new Map<number, string>()
  const following: number[] = []
  const certain = new Set<number>()
  for (const { start, end } of bare) {
    const index = groupByStart.get(start)
    const own = index === undefined ? undefined : groups[index]
    const below = index === undefined ? undefined : groups[index + 1]
    const after = index === undefined ? undefined : groups[index + 2]
    if (index === undefined || own?.end !== end || below === undefined || after === undefined) continue
    if (specialLines.has(below.start)) certain.add(index + 1)
    if (headingLines.has(below.start) || headingLines.has(after.start)) continue
    const text = subtitleOf(lines, below, layout)
    if (text === undefined) continue
    found.set(index + 1, text)
    following.push(lengthOf(lines, after))
  }
  const most = found.size + certain.size >= bare.length * 0.8
  return most && areTitles([...found.values()], following) ? new Set([...found.keys(), ...certain]) : certain
}

/** Titles have no final full stop, or are far shorter than the paragraphs below them. */
function areTitles(texts: readonly string[], following: readonly number[]): boolean {
  if (texts.length === 0) return false
  const sentences = texts.filter(
    (text) => /[.!?…。！？]["”’»」』)]*$/.test(text) && text !== text.toUpperCase(),
  ).length
  if (sentences <= texts.length * 0.2) return true
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return texts.length >= 3 && median(texts.map(({ length }) => length)) * 3 <= median(following)
}

function lengthOf(lines: readonly string[], { start, end }: LineGroup): number {
  return lines.slice(start, end).reduce((sum, line) => sum + line.trim().length + 1, 0)
}

/** A group that may be a title: short, and not two sentences. */
function subtitleOf(
  lines: readonly string[],
  { start, end }: LineGroup,
  { wrapped }: Layout,
): string | undefined {
  if (end - start > (wrapped ? 4 : 1)) return undefined
  const text = lines
    .slice(start, end)
    .map((line) => line.trim())
    .join(' ')
  const twoSentences =
    /\p{Ll}{3,}[.!?]["”’»]?\s+["“‘«]?\p{Lu}|[。！？]./u.test(text) &&
    !/^(?:Of|How|In which|Comment|Ce qu|Wie|Von|Cómo|De cómo)\b/i.test(text)
  return text.length <= longestSubtitle && /^[\p{L}\p{N}_]/u.test(text) && !twoSentences ? text : undefined
}
