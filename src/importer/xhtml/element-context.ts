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
import type { BlockContext } from './block-flow.ts'
import type { Attributes } from './xhtml-vocabulary.ts'

/** An element that is open, and what it means for the text inside. */
export interface ElementContext extends BlockContext {
  readonly name: string
  readonly block: boolean
  readonly inGroup: boolean
  readonly sup: boolean
  readonly pre: boolean
  readonly dropCap: boolean
  readonly id: string | undefined
  readonly style: ElementStyle
  readonly styled: StyledElement | undefined
  /** How many elements were opened right inside. */
  children: number
}

export const rootContext: ElementContext = {
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
  id: undefined,
  style: plainStyle,
  styled: undefined,
  children: 0,
}

const noClasses: readonly string[] = []

interface Styled {
  readonly style: ElementStyle
  readonly styled: StyledElement | undefined
}

/** Gives the elements of one document their style as they open, one after another. */
export interface DocumentStyles {
  styleFor(name: string, attributes: Attributes, parent: Styled): Styled
}

/** `sheet`: what the document's stylesheets say; without one only `style` attributes count. */
export function documentStyles(sheet: Stylesheet | undefined): DocumentStyles {
  const none: ReadonlyMap<string, string> = new Map()
  /** By parent the child that was opened last; `+` asks for it. */
  const lastChild = new WeakMap<StyledElement, StyledElement>()
  return {
    styleFor(name, attributes, parent) {
      // The colour of `font` is a declaration like any other.
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
      // Without its own past, so that a page's elements do not all stay in memory.
      if (parent.styled !== undefined && sheet.looksBack)
        lastChild.set(parent.styled, { ...styled, previous: undefined })
      const own =
        inline === undefined && !sheet.concerns(styled) ? none : sheet.declarationsFor(styled, inline)
      return { style: styleOf(parent.style, own), styled }
    },
  }
}
