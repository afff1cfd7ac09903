import { Failure } from '../../novel/failure.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import type { BlockDraft } from '../block-draft.ts'
import type { OutlineEntry } from '../chapters/chapter-outline.ts'
import type { HeadingLine, TextHeading } from '../headings/heading-line.ts'
import { headingPattern } from '../headings/heading-pattern.ts'
import type { Layout, LineGroup } from '../lines/line-groups.ts'
import { looksLikeTitle } from '../title-text.ts'
import {
  type FoundHeadings,
  findHeadingNumbers,
  findHeadings,
  findHeadingWords,
  headingsAmong,
} from './text-headings.ts'

/** More lines than a novel may have chapters are no headings; looking at all of them would take its time. */
const mostHeadings = 20_000

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

/** The outline of a Markdown text by such a rule; `undefined`: that of its headings. Throws likewise. */
export function outlineBy(rule: HeadingRule, drafts: readonly BlockDraft[]): OutlineEntry[] | undefined {
  if (rule.kind === 'none' || rule.kind === 'length') return []
  if (rule.kind === 'level') return outlineOfLevel(drafts, rule.level)
  if (rule.kind !== 'pattern') return undefined
  const patterns = patternsOf(rule)
  const headings: Placed[] = []
  drafts.forEach((draft, start) => {
    if (draft.note || draft.omit !== undefined) return
    const found = headingOf(patterns, draft.text)
    if (!found) return
    if (draft.kind !== 'heading') draft.kind = 'heading'
    headings.push({ title: draft.text, start, isPart: found.kind === 'part' })
  })
  if (counted(headings).length === 0) throw new Failure('headings.none')
  return nested(headings)
}

interface Placed {
  readonly title: string
  readonly start: number
  readonly isPart: boolean
}

function outlineOfLevel(drafts: readonly BlockDraft[], level: number): OutlineEntry[] {
  return nested(
    drafts.flatMap((draft, start): Placed[] =>
      draft.kind === 'heading' && draft.level <= level && !draft.note && draft.omit === undefined
        ? [{ title: draft.text, start, isPart: draft.level < level }]
        : [],
    ),
  )
}

/** Chapters belong to the part above them. */
function nested(headings: readonly Placed[]): OutlineEntry[] {
  const root: OutlineEntry[] = []
  let children = root
  for (const { title, start, isPart } of headings) {
    if (!isPart) children.push({ title, start, children: [] })
    else {
      children = []
      root.push({ title, start, children })
    }
  }
  return root
}

type Patterns = Record<'chapter' | 'part', ReturnType<typeof headingPattern> | undefined>

function patternsOf({ pattern, part }: HeadingRule & { readonly kind: 'pattern' }): Patterns {
  return { chapter: headingPattern(pattern), part: part === undefined ? undefined : headingPattern(part) }
}

function headingOf(patterns: Patterns, line: string): HeadingLine | undefined {
  for (const kind of ['part', 'chapter'] as const) {
    const found = patterns[kind]?.match(line)
    if (!found) continue
    const bare = patterns[kind]?.bare === true
    return { kind, word: kind, number: found.number, title: line, offset: 0, bare, part: undefined }
  }
  return undefined
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

function counted<Heading>(found: Heading[]): Heading[] {
  if (found.length > mostHeadings)
    throw new Failure('headings.too-many', { count: mostHeadings.toLocaleString('en') })
  return found
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
