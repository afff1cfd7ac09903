import { Parser } from 'htmlparser2'
import type { RunStyle } from '../publication/run-markup.ts'
import { Nesting } from '../xhtml/nesting.ts'
import { localName } from '../xhtml/xml-tree.ts'
import { deepestOffice } from './office-metadata.ts'

/** What a style means for the text that is set in it. */
export interface OdtStyle extends RunStyle {
  /** Not shown. */
  readonly hidden?: boolean
  /** Of a paragraph: 1 to 6 for headings. */
  readonly level?: number
}

/** Styles by name. */
export type OdtStyles = ReadonlyMap<string, OdtStyle>

interface DeclaredStyle {
  readonly parent: string | undefined
  own: OdtStyle
}

/** More generations are a loop. */
const maxParents = 20

/** Reads the styles of an OpenDocument text from its files; those of a later file count first. */
export function readOdtStyles(files: readonly string[]): OdtStyles {
  const declared = new Map<string, DeclaredStyle>()
  for (const xml of files) declareStyles(xml, declared)
  const resolve = (name: string, depth: number): OdtStyle => {
    const style = declared.get(name)
    if (style === undefined || depth > maxParents) return {}
    return { ...(style.parent === undefined ? {} : resolve(style.parent, depth + 1)), ...style.own }
  }
  return new Map([...declared.keys()].map((name) => [name, resolve(name, 0)]))
}

function declareStyles(xml: string, declared: Map<string, DeclaredStyle>): void {
  let current: DeclaredStyle | undefined
  const nesting = new Nesting(deepestOffice)
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        nesting.open()
        const name = localName(tag)
        if (name === 'style') {
          const own = attributes['style:name']
          if (own === undefined) return
          current = { parent: attributes['style:parent-style-name'], own: headingOf(own, attributes) }
          declared.set(own, current)
        } else if (name === 'text-properties' && current !== undefined)
          current.own = { ...current.own, ...textProperties(attributes) }
      },
      onclosetag(tag) {
        nesting.close()
        if (localName(tag) === 'style') current = undefined
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
}

/** A paragraph style is one of headings by its outline level, or is the title's. */
function headingOf(name: string, attributes: Readonly<Record<string, string>>): OdtStyle {
  const level = Number(attributes['style:default-outline-level'] ?? '')
  if (level >= 1) return { level: Math.min(6, level) }
  return name === 'Title' ? { level: 1 } : {}
}

function textProperties(attributes: Readonly<Record<string, string>>): OdtStyle {
  const style = attributes['fo:font-style']
  const weight = attributes['fo:font-weight']
  const position = attributes['style:text-position']
  return {
    ...(style === undefined ? {} : { italic: style !== 'normal' }),
    ...(weight === undefined ? {} : { bold: weight === 'bold' || Number(weight) >= 600 }),
    ...(position === undefined ? {} : { raised: /^(?:super|[1-9])/.test(position) }),
    ...(attributes['text:display'] === 'none' ? { hidden: true } : {}),
  }
}
