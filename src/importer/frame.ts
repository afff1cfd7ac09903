import type { BlockContext } from './block-flow.ts'
import { plainStyle, type ElementStyle } from './element-style.ts'
import type { StyledElement } from './selector.ts'

/** An element that is open, and what it means for the text inside. */
export interface ElementContext extends BlockContext {
  readonly name: string
  readonly block: boolean
  readonly inGroup: boolean
  readonly sup: boolean
  readonly pre: boolean
  readonly dropCap: boolean
  readonly id: string | undefined
  readonly style: ElementStyle
  readonly styled: StyledElement | undefined
  /** How many elements were opened right inside. */
  children: number
}

export const rootContext: ElementContext = {
  name: '',
  types: [],
  block: true,
  level: 0,
  note: false,
  verse: false,
  inSpan: false,
  inGroup: false,
  sup: false,
  pre: false,
  dropCap: false,
  id: undefined,
  style: plainStyle,
  styled: undefined,
  children: 0,
}
