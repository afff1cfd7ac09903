import { escapeXml } from '../novel/xml-escape.ts'

/** A well-formed XML fragment, as opposed to a string, which is unescaped text. */
export interface Markup {
  readonly markup: string
}

/** An element. Strings in its content are escaped; `undefined` content and attributes are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  ...content: readonly (Markup | string | undefined)[]
): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  const inside = content
    .map((part) => (typeof part === 'string' ? escapeXml(part) : (part?.markup ?? '')))
    .join('')
  return { markup: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` }
}

/** A document with this root element. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}\n`
}
