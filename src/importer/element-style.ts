import { colourOf, sameColour, type Colour } from './colour.ts'

/** Declarations that decide whether an element can be seen, by property; the cascade's winners. */
export type Declarations = ReadonlyMap<string, string>

/** What an element's style means for its text. */
export interface ElementStyle {
  /** Nothing of it can be seen, whatever stands inside. */
  readonly hidden: boolean
  /** It stands outside of the page or is cut away, as text for screen readers does too. */
  readonly offPage: boolean
  /** Its own text cannot be seen; an element inside may show itself again. */
  readonly concealed: boolean
  readonly raised: boolean
  readonly invisible: boolean
  readonly sizeless: boolean
  readonly colour: Colour | undefined
  /** `undefined`: a picture, or what nobody can tell. */
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

/** Properties that are looked at. */
export const properties: ReadonlySet<string> = new Set(
  `display visibility opacity font font-size color background background-color background-image position left right top
  bottom margin-left text-indent clip clip-path width height max-height overflow transform vertical-align -webkit-text-fill-color`.split(
    /\s+/,
  ),
)

/** A stylesheet or a `style` in which none of this stands hides nothing. */
export const mayHide =
  /display\s*:\s*none|visibility|opacity\s*:|font(?:-size)?\s*:[^;}]*(?<![\d.#\w])0|color\s*:|background|:\s*-\d{3,}|:\s*\d{4,}px|clip|text-indent\s*:\s*-|left\s*:\s*-|scale\(|translate|overflow|vertical-align\s*:\s*(?:super|\d)/i

/** The style of an element inside one of style `parent`. */
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
  if (size !== undefined && size !== 'inherit')
    return /^0*(?:\.0+)?(?:[a-z]+|%)?$/.test(size) && /^[0.]/.test(size)
  const font = own.get('font')
  return font === undefined ? undefined : /(?:^|\s)0(?:px|em|pt|rem|%)?(?:\/|\s)/.test(font)
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
  if (/^0*\.?0+%?$/.test(own.get('opacity') ?? '')) return true
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

/** Outside of every page. */
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
