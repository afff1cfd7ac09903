import type { Atrule, CssNode, Rule } from 'css-tree'
import parse from 'css-tree/parser'
import { inlineDeclarations, cascadeDeclarations, type Declaration } from './declarations.ts'
import { hidingProperties } from './hiding-properties.ts'
import { properties, type Declarations } from './element-style.ts'
import { type Budget, compileSelector, matches, type Selector, type StyledElement } from './selector.ts'

/** A rule that says something about whether its elements can be seen. */
export interface StyleRule {
  readonly selector: Selector
  readonly declarations: readonly Declaration[]
}

/** Real books have some dozens of such rules; those beyond are not looked at, so that a page stays linear. */
const mostRules = 2_000

/** Comparisons of an element with a part of a selector in all; a long novel needs some hundred thousand. */
const mostSteps = 20_000_000

/** The rules of a stylesheet that matter here, and what it imports. */
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
  return { rules: rules.slice(0, mostRules), imports }
}

/** A medium that every reader is; one of certain sizes or of one maker's device shows its text elsewhere. */
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

/** The rules of a document, found by what the last part of their selectors asks for. */
export class Stylesheet {
  #looksBack = false
  readonly #budget: Budget = { steps: mostSteps }
  readonly #byKey = new Map<string, { readonly rule: StyleRule; readonly order: number }[]>()

  constructor(rules: readonly StyleRule[]) {
    const hiding = hidingProperties(rules.flatMap(({ declarations }) => declarations))
    for (const [order, given] of rules.slice(0, mostRules).entries()) {
      const declarations = given.declarations.filter(({ property }) => hiding.has(property))
      if (declarations.length === 0) continue
      const rule = { ...given, declarations }
      const { key, compounds } = rule.selector
      this.#looksBack ||= compounds.some(({ combinator }) => combinator === '+')
      const same = this.#byKey.get(key) ?? []
      this.#byKey.set(key, same)
      same.push({ rule, order })
    }
  }

  /** Some rule asks for the element before. */
  get looksBack(): boolean {
    return this.#looksBack
  }

  get isEmpty(): boolean {
    return this.#byKey.size === 0
  }

  /** Whether a rule's last part fits: for nearly all elements none does. */
  concerns({ name, id, classes }: Pick<StyledElement, 'name' | 'id' | 'classes'>): boolean {
    if (this.#budget.steps < 0) return false
    return (
      this.#byKey.has(name) ||
      this.#byKey.has('*') ||
      classes.some((one) => this.#byKey.has(`.${one}`)) ||
      (id !== '' && this.#byKey.has(`#${id}`))
    )
  }

  /** What the cascade gives the element, its `style` attribute counted. */
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
