import type { Atrule, CssNode, Rule } from 'css-tree'
import parse from 'css-tree/parser'
import { type Budget, compileSelector, matches, type Selector, type StyledElement } from './css-selector.ts'
import {
  cascadeDeclarations,
  type Colour,
  colourOf,
  type Declaration,
  type Declarations,
  inlineDeclarations,
  properties,
  sameColour,
} from './element-style.ts'

/** A rule with declarations that affect visibility. */
export interface StyleRule {
  readonly selector: Selector
  readonly declarations: readonly Declaration[]
}

/** Maximum rules: real books have some dozens; the rest is ignored, so that a page stays linear. */
const maxRules = 2_000

/** Maximum steps of selector matching over a book; a long novel needs some hundred thousand. */
const maxSteps = 20_000_000

/** Parses a stylesheet into relevant rules and imports. */
export function parseStylesheet(css: string): { rules: StyleRule[]; imports: string[] } {
  const rules: StyleRule[] = []
  const imports: string[] = []
  const visit = (node: CssNode): void => {
    if (node.type === 'Rule') rules.push(...rulesOf(node))
    else if (node.type === 'Atrule') visitAtrule(node)
  }
  const visitAtrule = ({ name, prelude, block }: Atrule): void => {
    const condition = prelude?.type === 'Raw' ? prelude.value : ''
    if (name === 'import') {
      const href = /^\s*(?:url\(\s*)?["']?([^"')\s]+)["']?\s*\)?\s*(.*)$/.exec(condition)
      if (href?.[1] !== undefined && isForScreens(href[2] ?? '')) imports.push(href[1])
    } else if ((name === 'media' && isForScreens(condition)) || name === 'layer')
      block?.children.forEach(visit)
  }
  const sheet = parse(css, { positions: false, parseValue: false, parseAtrulePrelude: false })
  if (sheet.type === 'StyleSheet') sheet.children.forEach(visit)
  return { rules: rules.slice(0, maxRules), imports }
}

/**
 * Whether a media query matches every reader; content hidden only at certain sizes or devices is visible elsewhere.
 */
function isForScreens(condition: string): boolean {
  return condition
    .split(',')
    .some((query) => /^\s*(?:(?:only\s+)?(?:all|screen)|not\s+(?:amzn-\w+|print))?\s*;?\s*$/i.test(query))
}

function rulesOf({ prelude, block }: Rule): StyleRule[] {
  if (prelude.type !== 'SelectorList') return []
  const declarations = block.children.toArray().flatMap((node): Declaration[] => {
    if (node.type !== 'Declaration' || !properties.has(node.property.toLowerCase())) return []
    const value = node.value.type === 'Raw' ? node.value.value.trim().toLowerCase() : ''
    return [{ property: node.property.toLowerCase(), value, important: node.important !== false }]
  })
  if (declarations.length === 0) return []
  return prelude.children.toArray().flatMap((node): StyleRule[] => {
    const selector = node.type === 'Selector' ? compileSelector(node) : undefined
    return selector === undefined ? [] : [{ selector, declarations }]
  })
}

/** The rules of a document, indexed by the key of their selectors. */
export class Stylesheet {
  #usesSiblings = false
  readonly #budget: Budget = { steps: maxSteps }
  readonly #byKey = new Map<string, { readonly rule: StyleRule; readonly order: number }[]>()

  constructor(rules: readonly StyleRule[]) {
    const hiding = hidingProperties(rules.flatMap(({ declarations }) => declarations))
    for (const [order, original] of rules.slice(0, maxRules).entries()) {
      const declarations = original.declarations.filter(({ property }) => hiding.has(property))
      if (declarations.length === 0) continue
      const rule = { ...original, declarations }
      const { key, compounds } = rule.selector
      this.#usesSiblings ||= compounds.some(({ combinator }) => combinator === '+')
      const same = this.#byKey.get(key) ?? []
      this.#byKey.set(key, same)
      same.push({ rule, order })
    }
  }

  /** Whether any rule uses the sibling combinator `+`. */
  get usesSiblings(): boolean {
    return this.#usesSiblings
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0
  }

  /** Whether a rule's key matches the element; for nearly all elements none does. */
  mayMatch({ name, id, classes }: Pick<StyledElement, 'name' | 'id' | 'classes'>): boolean {
    if (this.#budget.steps < 0) return false
    return (
      this.#byKey.has(name) ||
      this.#byKey.has('*') ||
      classes.some((one) => this.#byKey.has(`.${one}`)) ||
      (id !== '' && this.#byKey.has(`#${id}`))
    )
  }

  /** The element's declarations after the cascade, including its `style` attribute. */
  declarationsFor(element: StyledElement, style: string | undefined): Declarations {
    const keys = [`#${element.id}`, ...element.classes.map((name) => `.${name}`), element.name, '*']
    const found = keys
      .flatMap((key) => this.#byKey.get(key) ?? [])
      .filter(({ rule }) => matches(rule.selector, element, this.#budget))
      .toSorted((a, b) => a.rule.selector.weight - b.rule.selector.weight || a.order - b.order)
    return cascadeDeclarations([
      ...found.flatMap(({ rule }) => rule.declarations),
      ...(style === undefined ? [] : inlineDeclarations(style)),
    ])
  }
}

/** Properties that hide text only in combination, with the test that one of their values must pass. */
const hidingGroups: readonly {
  readonly names: readonly string[]
  readonly hides: (value: string) => boolean
}[] = [
  { names: ['display'], hides: (value) => value === 'none' },
  { names: ['visibility'], hides: (value) => /hidden|collapse/.test(value) },
  { names: ['opacity'], hides: (value) => /^0*\.?0|^[0-5]%$/.test(value) },
  {
    names: ['font', 'font-size'],
    hides: (value) => /(?:^|\s)(?:0|\.0|1p[xt]|\d%)[.\da-z%]*(?:\/|\s|$)/.test(value),
  },
  { names: ['text-indent', 'margin-left'], hides: (value) => /-\d{2}/.test(value) },
  { names: ['position', 'left', 'right', 'top', 'bottom'], hides: (value) => /\d{3}/.test(value) },
  { names: ['position', 'clip'], hides: (value) => value.startsWith('rect') },
  { names: ['clip-path'], hides: (value) => /^(?:inset|circle)/.test(value) },
  {
    names: ['overflow', 'width', 'height', 'max-height'],
    hides: (value) => /^(?:0[a-z%]*|1px)$/.test(value),
  },
  { names: ['transform'], hides: (value) => /scale|translate\w*\([^)]*-\d{4}/.test(value) },
  { names: ['vertical-align'], hides: (value) => /^(?:super|text-top|[\d.])/.test(value) },
]
const textFill = '-webkit-text-fill-color'
const backgroundProperties = ['background', 'background-color', 'background-image']

/**
 * The properties by which these declarations can hide text; all others are ignored. A book's stylesheet sets indent and
 * size of nearly every element, and hides one in a hundred.
 */
export function hidingProperties(declarations: readonly Declaration[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { names, hides } of hidingGroups)
    if (declarations.some(({ property, value }) => names.includes(property) && hides(value)))
      for (const name of names) found.add(name)
  if (mayBlend(declarations)) for (const name of ['color', textFill, ...backgroundProperties]) found.add(name)
  return found
}

/** Whether a text may have the colour of its background. Defaults are a white page and black text. */
function mayBlend(declarations: readonly Declaration[]): boolean {
  const texts: Colour[] = [[0, 0, 0, 1]]
  const pages: Colour[] = [[255, 255, 255, 1]]
  for (const { property, value } of declarations) {
    const isText = property === 'color' || property === textFill
    if (!isText && !backgroundProperties.includes(property)) continue
    if (/url\(|gradient\(/.test(value)) continue
    for (const part of value.split(/\s+(?![^(]*\))/)) {
      const colour = colourOf(part)
      if (colour !== undefined) (isText ? texts : pages).push(colour)
    }
  }
  // Limits the comparisons of colours: a stylesheet with thousands is evaluated in any case.
  if (texts.length * pages.length > 10_000) return true
  return texts.some(
    (text) => text[3] < 0.02 || pages.some((page) => page[3] >= 0.02 && sameColour(text, page)),
  )
}
