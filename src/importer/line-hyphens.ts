/** Whether the hyphen at the end of a line parted a word, and goes, or belongs to one. Both lines are trimmed. */
export type HyphenRule = (line: string, next: string) => 'keep' | 'drop'

/** A text in which so many lines end inside a word, at least, was set by a machine that parts words. */
const hyphenatedShare = { lines: 3, share: 0.015 }

/**
 * The rule for a wrapped text, from its own words: a word that stands elsewhere in one piece was parted, one that has its
 * hyphen elsewhere, or whose two halves are words, keeps it. Where neither is known, a text with many hyphens at its line
 * ends parts words, another does not.
 */
export function hyphenRule(lines: readonly string[]): HyphenRule {
  const breaks: { left: string; right: string }[] = []
  lines.forEach((line, index) => {
    const found = partsOf(line.trim(), (lines[index + 1] ?? '').trim())
    if (found !== undefined) breaks.push(found)
  })
  if (breaks.length === 0) return byCharacter
  const counts = countWords(
    lines,
    new Set(breaks.flatMap(({ left, right }) => [left, right, left + right, `${left}-${right}`])),
  )
  const count = (word: string): number => counts.get(word) ?? 0
  const decide = (left: string, right: string): 'keep' | 'drop' | undefined => {
    const [whole, hyphened] = [count(left + right), count(`${left}-${right}`)]
    if (whole !== hyphened) return whole > hyphened ? 'drop' : 'keep'
    return count(left) > 0 && count(right) > 0 ? 'keep' : undefined
  }
  const decided = breaks.map(({ left, right }) => decide(left, right))
  const kept = decided.filter((each) => each === 'keep').length
  const partsWords =
    breaks.length >= Math.max(hyphenatedShare.lines, lines.length * hyphenatedShare.share) && kept * 2 <= breaks.length
  return (line, next) => {
    const parts = partsOf(line, next)
    if (parts === undefined) return byCharacter(line)
    return decide(parts.left, parts.right) ?? (partsWords ? 'drop' : 'keep')
  }
}

/** Soft hyphens and the sign that scanners write for them never belong to a word. */
function byCharacter(line: string): 'keep' | 'drop' {
  return /[\u00ad¬]$/.test(line) ? 'drop' : 'keep'
}

/** The halves of a word at a line's end, in lower case. A word with another hyphen (mother-in-law) keeps both. */
function partsOf(line: string, next: string): { left: string; right: string } | undefined {
  if (!line.endsWith('-')) return undefined
  const left = /(?:^|[^\p{L}\p{M}-])([\p{L}\p{M}]{1,30})-$/u.exec(line.slice(-40))?.[1]
  const right = /^\p{Ll}[\p{Ll}\p{M}]{0,30}/u.exec(next)?.[0]
  return left === undefined || right === undefined
    ? undefined
    : { left: left.toLowerCase(), right: right.toLowerCase() }
}

/** How often these words stand in the text, the halves at line ends not counted. */
function countWords(lines: readonly string[], wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  let afterHyphen = false
  for (const line of lines) {
    const words = line.toLowerCase().match(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu) ?? []
    const endsInHyphen = line.trimEnd().endsWith('-')
    words.forEach((word, index) => {
      if ((index === 0 && afterHyphen) || (endsInHyphen && index === words.length - 1) || !wanted.has(word))
        return
      counts.set(word, (counts.get(word) ?? 0) + 1)
    })
    afterHyphen = endsInHyphen
  }
  return counts
}
