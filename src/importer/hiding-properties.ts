import { colourOf, sameColour, type Colour } from './colour.ts'
import type { Declaration } from './declarations.ts'

/** Properties that only together hide something, and the values of one of them without which they do not. */
const hidingGroups: readonly { readonly names: readonly string[]; readonly hides: (value: string) => boolean }[] = [
  { names: ['display'], hides: (value) => value === 'none' },
  { names: ['visibility'], hides: (value) => /hidden|collapse/.test(value) },
  { names: ['opacity'], hides: (value) => /^[0.]+%?$/.test(value) },
  { names: ['font', 'font-size'], hides: (value) => /(?:^|\s)(?:0|\.0)[.\da-z%]*(?:\/|\s|$)/.test(value) },
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
 * The properties by which these declarations may hide anything. All others need not be looked at: a book's stylesheet sets
 * the indent and the size of nearly every element, and hides by one in a hundred.
 */
export function hidingProperties(declarations: readonly Declaration[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { names, hides } of hidingGroups)
    if (declarations.some(({ property, value }) => names.includes(property) && hides(value)))
      for (const name of names) found.add(name)
  if (mayBlend(declarations)) for (const name of ['color', textFill, ...backgroundProperties]) found.add(name)
  return found
}

/** Whether a text may have the colour of its ground. A page is white, its text black, until it is said otherwise. */
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
  // A few pages and many texts: the product stays small, and a stylesheet of thousands of colours is looked at anyway.
  if (texts.length * pages.length > 10_000) return true
  return texts.some(
    (text) => text[3] < 0.02 || pages.some((page) => page[3] >= 0.02 && sameColour(text, page)),
  )
}
