import type { MarkKind } from '../../novel/novel.ts'
import { ipaIn } from '../pls/phoneme-alphabets.ts'
import type { StyledElement } from '../styles/css-selector.ts'
import {
  cascadeDeclarations,
  type ElementStyle,
  inlineDeclarations,
  mayHide,
  plainStyle,
  styleOf,
} from '../styles/element-style.ts'
import type { Stylesheet } from '../styles/stylesheet.ts'
import { type Containers, containersOf, noContainers } from './block-containers.ts'
import type { BlockContext } from './block-flow.ts'
import {
  type Attributes,
  blockElements,
  headingLevel,
  isDropCap,
  isNote,
  isVerse,
  markKindOf,
} from './xhtml-vocabulary.ts'

/** An open element, and its effect on the text inside. */
export interface ElementContext extends BlockContext, Containers {
  readonly name: string
  readonly block: boolean
  readonly inGroup: boolean
  readonly sup: boolean
  readonly pre: boolean
  readonly dropCap: boolean
  /** How it sets its text. */
  readonly mark: MarkKind | undefined
  readonly id: string | undefined
  /** IPA in which its text is said. */
  readonly sounds: string | undefined
  /** In which `ssml:ph` is written. */
  readonly alphabet: string | undefined
  readonly style: ElementStyle
  readonly styled: StyledElement | undefined
  /** Where its text begins: the offset in the block, and the number of blocks before. */
  begin?: { readonly offset: number; readonly count: number }
  /** Number of child elements opened so far. */
  children: number
}

/** The context of an element in its parent; `types` are its own semantic types. */
export function childContext(
  name: string,
  attributes: Attributes,
  types: readonly string[],
  parent: ElementContext,
  { style, styled }: Styled,
): ElementContext {
  const block = blockElements.has(name)
  const alphabet = attributes['ssml:alphabet'] ?? parent.alphabet
  const phonemes = attributes['ssml:ph']
  return {
    ...containersOf(name, attributes, parent),
    name,
    types: types.length === 0 ? parent.types : [...parent.types, ...types],
    block,
    level: headingLevel(name, types, attributes, parent.inGroup) || parent.level,
    note: parent.note || isNote(name, types, attributes),
    verse: parent.verse || (block && isVerse(types, attributes)) || name === 'pre',
    inSpan: name === 'span' || (parent.inSpan && !block),
    inGroup: name === 'hgroup' || parent.inGroup,
    sup:
      name === 'sup' ||
      style.raised ||
      (parent.name === 'msup' && parent.children === 2) ||
      (parent.sup && !block),
    pre: name === 'pre' || (parent.pre && !block),
    dropCap: block && isDropCap(attributes),
    lang: languageOf(name, attributes) ?? parent.lang,
    mark: block ? undefined : markKindOf(name, attributes),
    id: attributes['id'] ?? (name === 'a' ? attributes['name'] : undefined),
    sounds: phonemes === undefined ? undefined : ipaIn(alphabet, phonemes),
    alphabet,
    style,
    styled,
    children: 0,
  }
}

/** The language of a document is often declared wrong, and that of the novel is found by its text. */
function languageOf(name: string, attributes: Attributes): string | undefined {
  if (name === 'html' || name === 'body') return undefined
  const declared = attributes['xml:lang'] ?? attributes['lang']
  return declared !== undefined && /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(declared)
    ? declared
    : undefined
}

export const rootContext: ElementContext = {
  ...noContainers,
  name: '',
  types: [],
  block: true,
  level: 0,
  note: false,
  verse: false,
  inSpan: false,
  inGroup: false,
  sup: false,
  pre: false,
  dropCap: false,
  lang: undefined,
  mark: undefined,
  id: undefined,
  sounds: undefined,
  alphabet: undefined,
  style: plainStyle,
  styled: undefined,
  children: 0,
}

const noClasses: readonly string[] = []

interface Styled {
  readonly style: ElementStyle
  readonly styled: StyledElement | undefined
}

/** Computes the style of a document's elements in document order. */
export interface DocumentStyles {
  styleFor(name: string, attributes: Attributes, parent: Styled): Styled
}

/** `sheet`: the document's stylesheets; without them only `style` attributes count. */
export function documentStyles(sheet: Stylesheet | undefined): DocumentStyles {
  const none: ReadonlyMap<string, string> = new Map()
  /** By parent the last opened child, for the `+` combinator. */
  const lastChild = new WeakMap<StyledElement, StyledElement>()
  return {
    styleFor(name, attributes, parent) {
      // The colour of `font` is treated as a declaration.
      const inline =
        name === 'font' && attributes['color'] !== undefined
          ? `color:${attributes['color']};${attributes['style'] ?? ''}`
          : attributes['style']
      if (sheet === undefined) {
        if (inline === undefined || !mayHide.test(inline))
          return { style: styleOf(parent.style, none), styled: undefined }
        return {
          style: styleOf(parent.style, cascadeDeclarations(inlineDeclarations(inline))),
          styled: undefined,
        }
      }
      const styled: StyledElement = {
        name,
        id: attributes['id'] ?? '',
        classes:
          attributes['class'] === undefined ? noClasses : attributes['class'].split(/\s+/).slice(0, 50),
        attributes,
        parent: parent.styled,
        previous: parent.styled && lastChild.get(parent.styled),
      }
      // Without its own predecessor, so that a page's elements are not all retained in memory.
      if (parent.styled !== undefined && sheet.usesSiblings)
        lastChild.set(parent.styled, { ...styled, previous: undefined })
      const own =
        inline === undefined && !sheet.mayMatch(styled) ? none : sheet.declarationsFor(styled, inline)
      return { style: styleOf(parent.style, own), styled }
    },
  }
}
