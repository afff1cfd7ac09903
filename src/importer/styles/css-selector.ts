import type { CssNode, Selector as ParsedSelector } from 'css-tree'

/** The properties of an element that selectors test. */
export interface StyledElement {
  readonly name: string
  readonly id: string
  readonly classes: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  readonly parent: StyledElement | undefined
  /** The preceding sibling. */
  readonly previous: StyledElement | undefined
}

interface Compound {
  readonly tag: string | undefined
  readonly ids: readonly string[]
  readonly classes: readonly string[]
  readonly attributes: readonly ((attributes: StyledElement['attributes']) => boolean)[]
  /** How it relates to the compound to its right. */
  readonly combinator: ' ' | '>' | '+' | undefined
}

export interface Selector {
  /** From right to left. */
  readonly compounds: readonly Compound[]
  /** Lookup key of the rightmost compound: `#id`, `.class`, a tag, `*`. */
  readonly key: string
  /** The specificity as one number. */
  readonly weight: number
}

/** Limits backtracking, which a selector of many steps in a deep page would never finish. */
const maxMatchSteps = 2_000

/** Compiles a selector; `undefined` for those that depend on rendering: states, pseudo-elements, positions. */
export function compileSelector({ children }: ParsedSelector): Selector | undefined {
  const compounds: Compound[] = []
  let parts: CssNode[] = []
  let combinator: Compound['combinator']
  for (const node of children.toArray().toReversed()) {
    if (node.type !== 'Combinator') {
      parts.push(node)
      continue
    }
    const compound = compileCompound(parts, combinator)
    if (compound === undefined) return undefined
    compounds.push(compound)
    parts = []
    if (node.name !== ' ' && node.name !== '>' && node.name !== '+') return undefined
    combinator = node.name
  }
  const first = compileCompound(parts, combinator)
  if (first === undefined) return undefined
  compounds.push(first)
  const [last] = compounds as [Compound]
  const count = (of: (compound: Compound) => number): number =>
    compounds.reduce((sum, compound) => sum + of(compound), 0)
  return {
    compounds,
    key:
      last.ids[0] !== undefined
        ? `#${last.ids[0]}`
        : last.classes[0] !== undefined
          ? `.${last.classes[0]}`
          : (last.tag ?? '*'),
    weight:
      count(({ ids }) => ids.length) * 1e6 +
      count(({ classes, attributes }) => classes.length + attributes.length) * 1e3 +
      count(({ tag }) => (tag === undefined ? 0 : 1)),
  }
}

function compileCompound(
  nodes: readonly CssNode[],
  combinator: Compound['combinator'],
): Compound | undefined {
  let tag: string | undefined
  const ids: string[] = []
  const classes: string[] = []
  const attributes: Compound['attributes'][number][] = []
  if (nodes.length === 0) return undefined
  for (const node of nodes) {
    if (node.type === 'TypeSelector') {
      const name = node.name.slice(node.name.indexOf('|') + 1).toLowerCase()
      if (name !== '*') tag = name
    } else if (node.type === 'IdSelector') ids.push(node.name)
    else if (node.type === 'ClassSelector') classes.push(node.name)
    else if (node.type === 'AttributeSelector') {
      const value = node.value?.type === 'String' ? node.value.value : (node.value?.name ?? undefined)
      attributes.push(attributeTest(node.name.name.replace('|', ':'), node.matcher, value))
    } else return undefined
  }
  return { tag, ids, classes, attributes, combinator }
}

function attributeTest(
  name: string,
  matcher: string | null,
  value = '',
): (attributes: StyledElement['attributes']) => boolean {
  return (attributes) => {
    const own = attributes[name]
    if (own === undefined) return false
    if (matcher === null) return true
    if (matcher === '=') return own === value
    if (value === '') return false
    if (matcher === '~=') return own.split(/\s+/).includes(value)
    if (matcher === '|=') return own === value || own.startsWith(`${value}-`)
    if (matcher === '^=') return own.startsWith(value)
    return matcher === '$=' ? own.endsWith(value) : own.includes(value)
  }
}

export interface Budget {
  steps: number
}

/** Matches an element. Each step is subtracted from the budget; nothing matches once it is used up. */
export function matches({ compounds }: Selector, element: StyledElement, budget: Budget): boolean {
  let steps = 0
  const from = (index: number, at: StyledElement): boolean => {
    steps += 1
    budget.steps -= 1
    if (steps > maxMatchSteps || budget.steps < 0 || !matchesCompound(compounds[index]!, at)) return false
    const next = compounds[index + 1]
    if (next === undefined) return true
    if (next.combinator === '+') return at.previous !== undefined && from(index + 1, at.previous)
    if (next.combinator === '>') return at.parent !== undefined && from(index + 1, at.parent)
    for (let above = at.parent; above !== undefined; above = above.parent) {
      if (from(index + 1, above)) return true
      if (steps > maxMatchSteps || budget.steps < 0) return false
    }
    return false
  }
  return from(0, element)
}

function matchesCompound({ tag, ids, classes, attributes }: Compound, element: StyledElement): boolean {
  return (
    (tag === undefined || tag === element.name) &&
    ids.every((id) => id === element.id) &&
    classes.every((name) => element.classes.includes(name)) &&
    attributes.every((test) => test(element.attributes))
  )
}
