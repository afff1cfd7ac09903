/** Red, green, blue of 0–255 and opacity of 0–1. */
export type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** Names that hidden text is written with. */
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

/** A colour of CSS; `undefined` for keywords of inheritance and for what is none. */
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

/** https://www.w3.org/TR/css-color-3/#hsl-color; saturation and lightness of 0–1. */
function fromHsl(hue: number, saturation: number, lightness: number, alpha: number): Colour {
  const reach = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): number => {
    const turn = (offset + hue / 30) % 12
    return 255 * (lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1)))
  }
  return [channel(0), channel(8), channel(4), alpha]
}

/** Whether nobody could read one on the other. */
export function sameColour(one: Colour, other: Colour): boolean {
  return [0, 1, 2].every((channel) => Math.abs(one[channel]! - other[channel]!) <= 8)
}
