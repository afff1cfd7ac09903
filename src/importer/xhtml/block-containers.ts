import type { ListNumbering, TableCell } from '../../novel/book-layout.ts'
import type { DraftContainer } from '../block-draft.ts'
import { type Attributes, cellElements } from './xhtml-vocabulary.ts'

/** The list that an element's items belong to. */
interface OpenList {
  readonly numbering: ListNumbering | undefined
  readonly step: 1 | -1
  next: number
  item: number
}

/** A list of terms and what they mean. */
interface OpenDefinitions {
  item: number
}

/** The outermost table. */
interface OpenTable {
  row: number
  column: number
  /** For each column the rows below the current one that a cell above reaches into. */
  readonly reaching: number[]
}

/** Lists, glossaries, quotations and tables around an element. */
export interface Containers {
  readonly within: readonly DraftContainer[]
  readonly cell: TableCell | undefined
  readonly list: OpenList | undefined
  readonly definitions: OpenDefinitions | undefined
  readonly table: OpenTable | undefined
}

/** Those in which no element stands. */
export const noContainers: Containers = {
  within: [],
  cell: undefined,
  list: undefined,
  definitions: undefined,
  table: undefined,
}

/** Deeper ones are no lists that anybody reads. */
const deepest = 8
/** Columns and rows that a cell may span. */
const widestSpan = 100
const mostColumns = 200

const numberings: Readonly<Record<string, ListNumbering>> = {
  '1': 'decimal',
  a: 'lower-alpha',
  A: 'upper-alpha',
  i: 'lower-roman',
  I: 'upper-roman',
}

/** Of an element, by those of its parent. */
export function containersOf(name: string, attributes: Attributes, parent: Containers): Containers {
  if (name === 'ul' || name === 'ol' || name === 'menu')
    return { ...parent, list: openList(name, attributes) }
  if (name === 'li' && parent.list !== undefined) return listItem(attributes, parent, parent.list)
  if (name === 'dl') return { ...parent, definitions: { item: -1 } }
  if ((name === 'dt' || name === 'dd') && parent.definitions !== undefined)
    return definition(name, parent, parent.definitions)
  if (name === 'blockquote') {
    const quote = {}
    return within(parent, { kind: 'quote', of: quote })
  }
  if (name === 'table' && parent.table === undefined && attributes['role'] !== 'presentation')
    return { ...parent, list: undefined, table: { row: -1, column: 0, reaching: [] } }
  if (parent.table === undefined || parent.cell !== undefined) return parent
  if (name === 'tr') return tableRow(parent, parent.table)
  if (cellElements.has(name) && parent.table.row >= 0)
    return tableCell(name, attributes, parent, parent.table)
  return parent
}

function within(parent: Containers, container: DraftContainer): Containers {
  return parent.within.length >= deepest ? parent : { ...parent, within: [...parent.within, container] }
}

function openList(name: string, attributes: Attributes): OpenList {
  const isReversed = attributes['reversed'] !== undefined
  const start = wholeNumber(attributes['start']) ?? 1
  return {
    numbering: name === 'ol' ? (numberings[attributes['type'] ?? '1'] ?? 'decimal') : undefined,
    step: isReversed ? -1 : 1,
    next: start,
    item: -1,
  }
}

function listItem(attributes: Attributes, parent: Containers, list: OpenList): Containers {
  list.item += 1
  const number = wholeNumber(attributes['value']) ?? list.next
  list.next = number + list.step
  const { numbering, item } = list
  return within(
    { ...parent, list: undefined },
    { kind: 'list', of: list, item, ...(numbering !== undefined && { numbering, number }) },
  )
}

function definition(name: string, parent: Containers, list: OpenDefinitions): Containers {
  list.item += 1
  const { item } = list
  return within(
    { ...parent, definitions: undefined },
    { kind: 'definitions', of: list, item, ...(name === 'dt' && { term: true as const }) },
  )
}

function tableRow(parent: Containers, table: OpenTable): Containers {
  table.row += 1
  table.column = 0
  if (table.row > 0)
    table.reaching.forEach((rows, column) => {
      table.reaching[column] = Math.max(0, rows - 1)
    })
  return within(parent, { kind: 'table', of: table, row: table.row })
}

function tableCell(name: string, attributes: Attributes, parent: Containers, table: OpenTable): Containers {
  while ((table.reaching[table.column] ?? 0) > 0) table.column += 1
  const { column } = table
  if (column >= mostColumns) return parent
  const columns = spanOf(attributes['colspan'])
  const rows = spanOf(attributes['rowspan'])
  for (let at = column; at < column + columns; at += 1) table.reaching[at] = rows
  table.column += columns
  const cell: TableCell = {
    column,
    ...(name === 'th' && { header: true as const }),
    ...(columns > 1 && { columns }),
    ...(rows > 1 && { rows }),
  }
  return { ...parent, cell }
}

function spanOf(value: string | undefined): number {
  return Math.min(widestSpan, Math.max(1, wholeNumber(value) ?? 1))
}

function wholeNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*-?\d{1,6}\s*$/.test(value) ? Number(value) : undefined
}
