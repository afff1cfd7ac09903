import { Failure } from '../../novel/failure.ts'
import type { HeadingRule } from '../../novel/heading-rule.ts'
import type { BlockDraft } from '../block-draft.ts'
import type { HeadingLine } from '../headings/heading-line.ts'
import { headingPattern } from '../headings/heading-pattern.ts'
import type { OutlineEntry } from './chapter-outline.ts'

/** More lines than a novel may have chapters are no headings; looking at all of them would take its time. */
export const mostHeadings = 20_000

/**
 * The outline of a text with marked headings by a rule that somebody chose; `undefined`: that of its headings. Throws
 * `headings.pattern`, `headings.none` if nothing answers to a pattern, and `headings.too-many`.
 */
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

export function patternsOf({ pattern, part }: HeadingRule & { readonly kind: 'pattern' }): Patterns {
  return { chapter: headingPattern(pattern), part: part === undefined ? undefined : headingPattern(part) }
}

export function headingOf(patterns: Patterns, line: string): HeadingLine | undefined {
  for (const kind of ['part', 'chapter'] as const) {
    const found = patterns[kind]?.match(line)
    if (!found) continue
    const bare = patterns[kind]?.bare === true
    return { kind, word: kind, number: found.number, title: line, offset: 0, bare, part: undefined }
  }
  return undefined
}

/** Throws `headings.too-many`. */
export function counted<Heading>(found: Heading[]): Heading[] {
  if (found.length > mostHeadings)
    throw new Failure('headings.too-many', { count: mostHeadings.toLocaleString('en') })
  return found
}
