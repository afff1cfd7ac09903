/** Red, green, blue 0–255 and opacity 0–1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** Colour names that hidden text commonly uses. */
const colourNames: Readonly<Record<string, Colour>> = {
  white: [255, 255, 255, 1],
  black: [0, 0, 0, 1],
  transparent: [0, 0, 0, 0],
  snow: [255, 250, 250, 1],
  ivory: [255, 255, 240, 1],
  whitesmoke: [245, 245, 245, 1],
  ghostwhite: [248, 248, 255, 1],
  floralwhite: [255, 250, 240, 1],
  red: [255, 0, 0, 1],
  green: [0, 128, 0, 1],
  blue: [0, 0, 255, 1],
  yellow: [255, 255, 0, 1],
  gray: [128, 128, 128, 1],
  grey: [128, 128, 128, 1],
  silver: [192, 192, 192, 1],
}

/** Parses a CSS colour; `undefined` for inheritance keywords and invalid values. */
export function colourOf(value: string): Colour | undefined {
  const text = value.trim().toLowerCase()
  const named = Object.hasOwn(colourNames, text) ? colourNames[text] : undefined
  if (named !== undefined) return named
  const hex = /^#([\da-f]{3,8})$/.exec(text)?.[1]
  if (hex !== undefined) return hexColour(hex)
  const parts = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(text)
  if (parts === null) return undefined
  const [first = 0, second = 0, third = 0, alpha = 1] = (parts[2] ?? '')
    .split(/[\s,/]+/)
    .filter((part) => part !== '')
    .map((part, index) => numberOf(part, index === 3 ? 1 : parts[1] === 'rgb' ? 255 : 1))
  return parts[1] === 'rgb' ? [first, second, third, alpha] : fromHsl(first, second, third, alpha)
}

function numberOf(part: string, whole: number): number {
  const number = Number.parseFloat(part)
  return part.endsWith('%') ? (number / 100) * whole : number
}

function hexColour(hex: string): Colour | undefined {
  if (hex.length === 5 || hex.length === 7) return undefined
  const wide = hex.length < 6 ? hex.replaceAll(/./g, '$&$&') : hex
  const at = (index: number): number => Number.parseInt(wide.slice(index * 2, index * 2 + 2), 16)
  return [at(0), at(1), at(2), wide.length === 8 ? at(3) / 255 : 1]
}

/** https://www.w3.org/TR/css-color-3/#hsl-color; saturation and lightness are 0–1. */
function fromHsl(hue: number, saturation: number, lightness: number, alpha: number): Colour {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)))
  }
  return [channel(0), channel(8), channel(4), alpha]
}

/** Whether text in one colour is unreadable on the other. */
export function sameColour(one: Colour, other: Colour): boolean {
  return [0, 1, 2].every((channel) => Math.abs(one[channel]! - other[channel]!) <= 8)
}

/** Declarations after the cascade that decide whether an element is visible, by property. */
export type Declarations = ReadonlyMap<string, string>

/** The effect of an element's style on its text. */
export interface ElementStyle {
  /** Invisible including all descendants. */
  readonly hidden: boolean
  /** Positioned outside of the page or clipped, as is text for screen readers. */
  readonly offPage: boolean
  /** Its own text is invisible; a descendant may become visible again. */
  readonly concealed: boolean
  readonly raised: boolean
  readonly invisible: boolean
  readonly sizeless: boolean
  readonly colour: Colour | undefined
  /** Background colour; `undefined`: an image, or unknown. */
  readonly ground: Colour | undefined
}

export const plainStyle: ElementStyle = {
  hidden: false,
  offPage: false,
  concealed: false,
  raised: false,
  invisible: false,
  sizeless: false,
  colour: [0, 0, 0, 1],
  ground: [255, 255, 255, 1],
}

/** Properties that are evaluated. */
export const properties: ReadonlySet<string> = new Set(
  `display visibility opacity font font-size color background background-color background-image position left right top
  bottom margin-left text-indent clip clip-path width height max-height overflow transform vertical-align -webkit-text-fill-color`.split(
    /\s+/,
  ),
)

/** A stylesheet or a `style` attribute without a match hides nothing. */
export const mayHide =
  /display\s*:\s*none|visibility|opacity\s*:|font(?:-size)?\s*:[^;}]*(?<![\d.#\w])(?:0|1p[xt]|\d%)|color\s*:|background|:\s*-\d{3,}|:\s*\d{4,}px|clip|text-indent\s*:\s*-|left\s*:\s*-|scale\(|translate|overflow|vertical-align\s*:\s*(?:super|\d)/i

/** Computes the style of an element inside one of style `parent`. */
export function styleOf(parent: ElementStyle, own: Declarations): ElementStyle {
  if (own.size === 0) return parent.raised ? { ...parent, raised: false } : parent
  const visibility = own.get('visibility')
  const invisible =
    visibility === undefined || visibility === 'inherit'
      ? parent.invisible
      : visibility === 'hidden' || visibility === 'collapse'
  const sizeless = isSizeless(own) ?? parent.sizeless
  const written = own.get('-webkit-text-fill-color') ?? own.get('color')
  const colour = written === undefined ? parent.colour : (colourOf(written) ?? parent.colour)
  const ground = groundOf(own, parent.ground)
  const blended =
    colour !== undefined && (colour[3] < 0.02 || (ground !== undefined && sameColour(colour, ground)))
  return {
    hidden: isHidden(own),
    offPage: isOffPage(own),
    concealed: invisible || sizeless || blended,
    raised: /^(?:super|text-top|(?:0?\.[2-9]|[1-9])\d*(?:em|ex|px|pt|%)|[1-9]\d?%)/.test(
      own.get('vertical-align') ?? '',
    ),
    invisible,
    sizeless,
    colour,
    ground,
  }
}

function isSizeless(own: Declarations): boolean | undefined {
  const size = own.get('font-size')
  if (size !== undefined && size !== 'inherit') return isUnreadable(size)
  const font = own.get('font')
  return font === undefined ? undefined : /(?:^|\s)0(?:px|em|pt|rem|%)?(?:\/|\s)/.test(font)
}

/** Nobody can read what is no higher than a pixel. */
function isUnreadable(size: string): boolean {
  const [, figures, unit] = /^(\d*\.?\d+)([a-z]+|%)?$/.exec(size) ?? []
  if (figures === undefined) return false
  const least = unit === '%' ? 6 : unit === 'px' || unit === 'pt' ? 1 : 0.06
  return Number(figures) <= least
}

function groundOf(own: Declarations, inherited: Colour | undefined): Colour | undefined {
  const image = own.get('background-image')
  if (image !== undefined && image !== 'none') return undefined
  const value = own.get('background-color') ?? own.get('background')
  if (value === undefined) return inherited
  if (/url\(|gradient\(/.test(value)) return undefined
  const colour = value
    .split(/\s+(?![^(]*\))/)
    .map(colourOf)
    .find((found) => found !== undefined)
  return colour === undefined || colour[3] < 0.02 ? inherited : colour[3] > 0.9 ? colour : undefined
}

function isHidden(own: Declarations): boolean {
  if (own.get('display') === 'none') return true
  const opacity = own.get('opacity') ?? '1'
  if (/^[\d.]+%?$/.test(opacity) && Number.parseFloat(opacity) <= (opacity.endsWith('%') ? 5 : 0.05))
    return true
  return /scale(?:x|y)?\(\s*0\s*[,)]/.test(own.get('transform') ?? '')
}

function isOffPage(own: Declarations): boolean {
  if (/^(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)/.test(own.get('clip-path') ?? '')) return true
  const placed = /^(?:absolute|fixed)$/.test(own.get('position') ?? '')
  if (placed && /^rect\((?:[\s,]*[01](?:px)?){4}[\s,]*\)$/.test(own.get('clip') ?? '')) return true
  if (isFar(own.get('text-indent'), false)) return true
  const moved = placed || own.get('position') === 'relative'
  if (moved && ['left', 'right', 'top', 'bottom'].some((side) => isFar(own.get(side), true))) return true
  if (isFar(own.get('margin-left'), false)) return true
  if (/translate\w*\([^)]*-\d{4,}px/.test(own.get('transform') ?? '')) return true
  const closed = own.get('overflow') === 'hidden'
  const tiny = (name: string): boolean => /^(?:0[a-z%]*|1px)$/.test(own.get(name) ?? '')
  return closed && (tiny('height') || tiny('max-height') || tiny('width'))
}

/** Whether an offset is outside of every page. */
function isFar(value: string | undefined, bothWays: boolean): boolean {
  const found = /^(-?\d*\.?\d+)([a-z%]*)$/.exec(value ?? '')
  if (found === null) return false
  const size = Number(found[1])
  const far = /^(?:px|pt|)$/.test(found[2] ?? '')
    ? 900
    : found[2] === '%' || found[2]?.startsWith('v')
      ? 100
      : 60
  return size <= -far || (bothWays && size >= Math.max(far * 4, 400))
}

export interface Declaration {
  readonly property: string
  readonly value: string
  readonly important: boolean
}

/** Parses the relevant declarations of a `style` attribute. */
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

/** Resolves declarations that are sorted by ascending weight. */
export function cascadeDeclarations(declarations: readonly Declaration[]): Declarations {
  const found = new Map<string, string>()
  for (const important of [false, true])
    for (const declaration of declarations)
      if (declaration.important === important) found.set(declaration.property, declaration.value)
  return found
}
