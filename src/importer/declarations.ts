import { properties, type Declarations } from './element-style.ts'

export interface Declaration {
  readonly property: string
  readonly value: string
  readonly important: boolean
}

/** The declarations of a `style` attribute that matter here. */
export function inlineDeclarations(style: string): Declaration[] {
  return style.split(';').flatMap((part): Declaration[] => {
    const colon = part.indexOf(':')
    const property = part.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (!properties.has(property)) return []
    const value = part
      .slice(colon + 1)
      .trim()
      .toLowerCase()
    const bare = value.replace(/\s*!\s*important$/, '')
    return [{ property, value: bare, important: bare !== value }]
  })
}

/** What counts of declarations that come in the order of their weight. */
export function cascadeDeclarations(declarations: readonly Declaration[]): Declarations {
  const found = new Map<string, string>()
  for (const important of [false, true])
    for (const declaration of declarations)
      if (declaration.important === important) found.set(declaration.property, declaration.value)
  return found
}
