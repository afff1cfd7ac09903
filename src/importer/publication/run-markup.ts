/** How a run of text is set. */
export interface RunStyle {
  readonly italic?: boolean
  readonly bold?: boolean
  readonly raised?: boolean
}

/** The tags around a run of text in XHTML. */
export function runTags({ italic, bold, raised }: RunStyle): readonly [start: string, end: string] {
  const names = [...(italic ? ['i'] : []), ...(bold ? ['b'] : []), ...(raised ? ['sup'] : [])]
  const start = names.map((name) => `<${name}>`).join('')
  const end = names
    .toReversed()
    .map((name) => `</${name}>`)
    .join('')
  return [start, end]
}
