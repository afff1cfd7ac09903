import { Failure } from '../../novel/failure.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import { counted, headingOf, mostHeadings, patternsOf } from '../chapters/ruled-outline.ts'
import type { TextHeading } from '../headings/heading-line.ts'
import type { Layout, LineGroup } from '../lines/line-groups.ts'
import { looksLikeTitle } from '../title-text.ts'
import {
  type FoundHeadings,
  findHeadingNumbers,
  findHeadings,
  findHeadingWords,
  headingsAmong,
} from './text-headings.ts'

/**
 * The headings of a plain text by a rule that somebody chose. Throws `headings.pattern`, `headings.none` if no line
 * answers to a pattern, and `headings.too-many`.
 */
export function headingsBy(
  rule: HeadingRule,
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): FoundHeadings {
  switch (rule.kind) {
    case 'automatic':
      return findHeadings(lines, groups, layout)
    case 'words':
      return findHeadingWords(lines, groups, layout)
    case 'numbers':
      return findHeadingNumbers(lines, groups, layout)
    case 'capitals':
      return headingsAmong(lines, groups, counted(capitals(lines, groups)))
    case 'pattern':
      return headingsAmong(lines, groups, matching(rule, lines))
    default:
      return { headings: [], evidence: 'whole-text', contents: [], repeated: [] }
  }
}

function matching(rule: HeadingRule & { readonly kind: 'pattern' }, lines: readonly string[]): TextHeading[] {
  const patterns = patternsOf(rule)
  const found: TextHeading[] = []
  for (const [start, line] of lines.entries()) {
    const heading = headingOf(patterns, line.trim())
    if (heading) found.push({ ...heading, start, end: start + 1 })
    if (found.length > mostHeadings) break
  }
  if (found.length === 0) throw new Failure('headings.none')
  return counted(found)
}

/** Lines in capitals that are a group of their own. */
function capitals(lines: readonly string[], groups: readonly LineGroup[]): TextHeading[] {
  return groups.flatMap(({ start, end }): TextHeading[] => {
    if (end - start > 2) return []
    const title = lines
      .slice(start, end)
      .map((line) => line.trim())
      .join(' ')
    const isTitle =
      title.length <= 80 && /\p{Lu}{3}/u.test(title) && title === title.toUpperCase() && looksLikeTitle(title)
    if (!isTitle) return []
    return [
      {
        kind: 'chapter',
        word: '',
        number: undefined,
        title,
        offset: 0,
        bare: false,
        part: undefined,
        start,
        end,
      },
    ]
  })
}
