import { escapeXml } from './xml-document.ts'

/** A piece of XML that is well formed; plain strings are text that has yet to be escaped. */
export interface Markup {
  readonly markup: string
}

/** An element; strings among its content are text, what is `undefined` is left out. */
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

/** A whole document, from its root. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.markup}\n`
}
