import type { MarkKind, SkipReason } from '../../novel/novel.ts'
import { localName } from './xml-tree.ts'

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/))

/** Elements that begin a new block. */
export const blockElements = words(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre section summary table tbody thead
  tfoot tr ul`,
)
/** Elements whose text is never shown. */
export const silentElements = words('head script style')
/** Cells are on one line, but separate words. */
export const cellElements = words('td th')

/** Elements that contain the tokens of a formula. */
export const mathTokens = words('mi mn mo mtext ms')

/** Elements whose text is set apart from what stands around it. */
const elementMarks: Readonly<Record<string, MarkKind>> = {
  em: 'em',
  i: 'em',
  cite: 'em',
  dfn: 'em',
  strong: 'strong',
  b: 'strong',
  sup: 'superscript',
  sub: 'subscript',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  code: 'code',
  tt: 'code',
  kbd: 'code',
  samp: 'code',
}

/** Classes by which converters and publishers set a part of a line. */
const classMarks: readonly (readonly [RegExp, MarkKind])[] = [
  [/(?:^|\s)(?:small-?caps?|smcaps?|smallcaps?\d?|sc)(?:$|\s)/i, 'small-caps'],
  [/(?:^|\s)(?:italics?\d?|ital|emphasis)(?:$|\s)/i, 'em'],
  [/(?:^|\s)(?:bold\d?|strong)(?:$|\s)/i, 'strong'],
]

export interface Attributes {
  readonly [name: string]: string
}

/** The semantic types of an element: `epub:type` without prefixes, and DPUB-ARIA roles without `doc-`. */
export function semanticTypes(attributes: Attributes): readonly string[] {
  const listed = [
    attributes['epub:type'],
    attributes['role']?.match(/\bdoc-[\w-]+/g)?.join(' '),
    isGutenbergFrame(attributes) ? gutenbergFrame : undefined,
  ]
  const text = listed.filter((types) => types !== undefined).join(' ')
  if (text === '') return []
  return text
    .trim()
    .split(/\s+/)
    .map((type) => localName(type).replace(/^doc-/, ''))
}

/** The type given to the elements of Project Gutenberg's header and footer. */
export const gutenbergFrame = 'gutenberg-frame'

function isGutenbergFrame(attributes: Attributes): boolean {
  return (
    /^pg-(?:header|footer)$/.test(attributes['id'] ?? '') ||
    /(?:^|\s)pg-boilerplate(?:$|\s)/.test(classOf(attributes))
  )
}

const noteTypes = words('footnote endnote rearnote note annotation')
const noteGroups = words('footnotes endnotes rearnotes notes')

/** Whether it is a note's body, or a group of them. */
export function isNote(name: string, types: readonly string[], attributes: Attributes): boolean {
  if (types.some((type) => noteTypes.has(type) || noteGroups.has(type))) return true
  return (
    blockElements.has(name) &&
    /(?:^|\s)(?:foot|end)notes?(?:[-_](?:text|body|content))?(?:$|\s)/i.test(classOf(attributes))
  )
}

/** Whether it is a note's body in the middle of the text that refers to it. */
export function isAsideNote(name: string, types: readonly string[]): boolean {
  return name === 'aside' && types.some((type) => noteTypes.has(type))
}

/** The reason to remove an element from the text, if there is one. */
export function reasonToRemove(
  name: string,
  types: readonly string[],
  attributes: Attributes,
): SkipReason | undefined {
  if (name === 'rt' || name === 'rp') return 'ruby'
  if (name === 'svg') return 'image'
  if (name === 'template') return 'hidden'
  if (name === 'annotation' || name === 'annotation-xml') return 'markup'
  if (isAsideNote(name, types)) return 'note'
  if (types.includes('noteref') || types.includes('backlink')) return 'note-reference'
  if (types.includes('pagebreak')) return 'page-number'
  if (attributes['hidden'] !== undefined || attributes['aria-hidden'] === 'true') return 'hidden'
  const classes = classOf(attributes)
  if (classes === '') return undefined
  if (/(?:^|\s)(?:page-?(?:num(?:ber)?|no|break)|pb)(?:$|\s)/i.test(classes)) return 'page-number'
  if (/(?:^|\s)(?:lnum|line-?n(?:um(?:ber)?|o))(?:$|\s)/i.test(classes)) return 'page-number'
  if (name === 'a' && /(?:^|\s)(?:note-?ref|fn-?ref|(?:foot|end)note-?ref(?:erence)?)(?:$|\s)/i.test(classes))
    return 'note-reference'
  return undefined
}

/**
 * Whether the text is short enough for a mark. An element classed as a mark that contains words is misclassified text.
 */
export function isMark(reason: SkipReason, text: string): boolean {
  if (reason === 'note-reference') return text.length <= 8 && !/\p{L}{4}/u.test(text)
  if (reason === 'page-number') return text.length <= 24 && !/[.!?]\s/.test(text)
  return true
}

/** How an inline element sets its text: by its name, else by its style or class. */
export function markKindOf(name: string, attributes: Attributes): MarkKind | undefined {
  const own = Object.hasOwn(elementMarks, name) ? elementMarks[name] : undefined
  if (own !== undefined) return own
  if (name !== 'span' && name !== 'small' && name !== 'abbr') return undefined
  if (/font-variant(?:-caps)?\s*:\s*small-caps/i.test(attributes['style'] ?? '')) return 'small-caps'
  const classes = classOf(attributes)
  return classes === '' ? undefined : classMarks.find(([pattern]) => pattern.test(classes))?.[1]
}

/** Whether it contains verse, whose line breaks are kept. */
export function isVerse(types: readonly string[], attributes: Attributes): boolean {
  if (types.some((type) => /^(?:verse|poem|song|hymn|lyrics)$/.test(type))) return true
  return /(?:^|[\s_-])(?:verse|poem|poetry|stanza|line-?group|lg|lyrics)(?:$|[\s_-])/i.test(
    classOf(attributes),
  )
}

/**
 * The heading level of an element: 1–6, or 0. Books without `h` elements use classes, which count only for a paragraph
 * of at most two lines.
 */
export function headingLevel(
  name: string,
  types: readonly string[],
  attributes: Attributes,
  inGroup: boolean,
): number {
  if (name.length === 2 && name[0] === 'h' && name[1]! >= '1' && name[1]! <= '6') return Number(name[1])
  if (name !== 'p' && name !== 'div') return 0
  if (
    name === 'p' &&
    (inGroup || types.some((type) => /^(?:title|subtitle|fulltitle|bridgehead)$/.test(type)))
  )
    return 6
  if (name !== 'p') return 0
  const classes = classOf(attributes)
  return /(?:^|\s)(?:(?:chapter|chap|part|section)[-_]?(?:title|head(?:ing)?|num(?:ber)?|no|subtitle)|ch[nt]|heading\d?|h[1-3]|chaptertitle)(?:$|\s)/i.test(
    classes,
  )
    ? 2
    : 0
}

/** The text alternative of a formula or page number that has no text of its own. */
export function alternativeText(name: string, types: readonly string[], attributes: Attributes): string {
  if (name === 'math') return (attributes['alttext'] ?? '').trim()
  return types.includes('pagebreak') ? (attributes['title'] ?? attributes['aria-label'] ?? '').trim() : ''
}

/** A block that contains a drop cap, or begins with one. */
export function isDropCap(attributes: Attributes): boolean {
  return /(?:^|[\s_-])(?:drop-?(?:caps?|ped)|initials?|lettrine|first-?letter)(?:$|[\s_-])/i.test(
    classOf(attributes),
  )
}

function classOf(attributes: Attributes): string {
  return attributes['class'] ?? ''
}
