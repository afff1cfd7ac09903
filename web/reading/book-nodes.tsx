import type { ReactNode } from 'react'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import type { BookNode, Definition, ListItem, TableRow } from './block-tree.ts'
import './book-content.css'

export interface ShownBlock {
  readonly block: Chapter['blocks'][number]
  readonly part: { readonly start: number; readonly end: number } | undefined
  /** The cell around it is its paragraph. */
  readonly bare: boolean
}

interface BookNodesProps {
  readonly nodes: readonly BookNode[]
  readonly show: (block: ShownBlock) => ReactNode
  readonly bare?: boolean
}

/** Lists, glossaries, quotations and tables of a chapter, with its blocks in them. */
export function BookNodes({ nodes, show, bare = false }: BookNodesProps): ReactNode {
  return nodes.map((node, at) => {
    switch (node.kind) {
      case 'block':
        return show({ block: node.block, part: node.part, bare })
      case 'quote':
        return (
          // oxlint-disable-next-line react/no-array-index-key
          <blockquote key={at}>
            <BookNodes nodes={node.nodes} show={show} />
          </blockquote>
        )
      case 'list':
        // oxlint-disable-next-line react/no-array-index-key
        return <BookList key={at} {...node} show={show} />
      case 'definitions':
        // oxlint-disable-next-line react/no-array-index-key
        return <BookDefinitions key={at} parts={node.parts} show={show} />
      default:
        // oxlint-disable-next-line react/no-array-index-key
        return <BookTable key={at} rows={node.rows} show={show} />
    }
  })
}

interface BookListProps extends Pick<BookNodesProps, 'show'> {
  readonly numbering: Extract<BookNode, { kind: 'list' }>['numbering']
  readonly items: readonly ListItem[]
}

function BookList({ numbering, items, show }: BookListProps) {
  const shown = items.map(({ number, marked, nodes }, at) => (
    // oxlint-disable-next-line react/no-array-index-key
    <li key={at} value={numbering && number} data-marked={marked || undefined}>
      <BookNodes nodes={nodes} show={show} />
    </li>
  ))
  // A list without signs is still one to screen readers.
  return numbering ? (
    <ol className="book-list" style={{ listStyleType: numbering }}>
      {shown}
    </ol>
  ) : (
    <ul className="book-list">{shown}</ul>
  )
}

interface BookDefinitionsProps extends Pick<BookNodesProps, 'show'> {
  readonly parts: readonly Definition[]
}

function BookDefinitions({ parts, show }: BookDefinitionsProps) {
  const shown = parts.map(({ term, nodes }, at) => {
    const Part = term ? 'dt' : 'dd'
    return (
      // oxlint-disable-next-line react/no-array-index-key
      <Part key={at}>
        <BookNodes nodes={nodes} show={show} />
      </Part>
    )
  })
  // Of a list without a term, or without what it means, nothing is defined.
  const isWhole = parts[0]?.term === true && parts.some(({ term }) => !term)
  return isWhole ? (
    <dl className="book-definitions">{shown}</dl>
  ) : (
    <BookNodes nodes={parts.flatMap((part) => part.nodes)} show={show} />
  )
}

interface BookTableProps extends Pick<BookNodesProps, 'show'> {
  readonly rows: readonly TableRow[]
}

/** A table, which scrolls by itself where it is wider than a line. */
function BookTable({ rows, show }: BookTableProps) {
  return (
    <div className="book-table">
      <table>
        <tbody>
          {rows.map(({ cells }, at) => (
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={at}>{filled(rows, at, cells).map((cell) => tableCell(cell, at, show))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Cell = TableRow['cells'][number]

/** A row with the empty cells that the book has between those with text. */
function filled(rows: readonly TableRow[], at: number, cells: readonly Cell[]): Cell[] {
  const covered = new Set<number>()
  rows.slice(Math.max(0, at - 100), at).forEach((row, index, above) => {
    for (const { column, columns = 1, rows: reach = 1 } of row.cells)
      if (index + reach > above.length)
        for (let next = column; next < column + columns; next += 1) covered.add(next)
  })
  const all: Cell[] = []
  let next = 0
  const fillTo = (column: number): void => {
    for (; next < column; next += 1) if (!covered.has(next)) all.push({ column: next, nodes: [] })
  }
  for (const cell of cells) {
    fillTo(cell.column)
    all.push(cell)
    next = cell.column + (cell.columns ?? 1)
  }
  return all
}

function tableCell(cell: Cell, row: number, show: BookNodesProps['show']): ReactNode {
  const { column, header, columns, rows, nodes } = cell
  const shown = <BookNodes nodes={nodes} show={show} bare={nodes.length === 1} />
  const spans = { colSpan: columns, rowSpan: rows }
  return header ? (
    <th key={column} scope={row === 0 ? 'col' : 'row'} {...spans}>
      {shown}
    </th>
  ) : (
    <td key={column} {...spans}>
      {shown}
    </td>
  )
}
