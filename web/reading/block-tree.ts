import type { Chapter } from '../../src/http/contract/novel-contract.ts'

type Block = Chapter['blocks'][number]
type Container = NonNullable<Block['within']>[number]
type List = Extract<Container, { kind: 'list' }>
type Table = Extract<Container, { kind: 'table' }>
type Definitions = Extract<Container, { kind: 'definitions' }>
type Cell = NonNullable<NonNullable<Block['marks']>[number]['cell']>

/** A block, or `[start, end)` of it. */
interface BlockNode {
  readonly kind: 'block'
  readonly block: Block
  readonly part?: { readonly start: number; readonly end: number }
}

export interface ListItem {
  /** The number that it has in the book. */
  readonly number: number | undefined
  /** Whether its text begins with a bullet or a number of its own. */
  readonly marked: boolean
  readonly nodes: readonly BookNode[]
}

/** A term, or what one means. */
export interface Definition {
  readonly term: boolean
  readonly nodes: readonly BookNode[]
}

export interface TableRow {
  readonly cells: readonly (Cell & { readonly nodes: readonly BookNode[] })[]
}

/** The parts of a chapter as they stand within each other, in reading order. */
export type BookNode =
  | BlockNode
  | { readonly kind: 'quote'; readonly nodes: readonly BookNode[] }
  | { readonly kind: 'list'; readonly numbering: List['numbering']; readonly items: readonly ListItem[] }
  | { readonly kind: 'definitions'; readonly parts: readonly Definition[] }
  | { readonly kind: 'table'; readonly rows: readonly TableRow[] }

const ownMark = /^\s*(?:[•·‣◦▪■●○*–—-]\s|\(?(?:\d{1,4}|[a-z]|[ivxlc]{1,6})[.)]\s)/i

/** Brings blocks together that stand in the same list, glossary, quotation or table. */
export function blockTree(blocks: readonly Block[], depth = 0): BookNode[] {
  return runsBy(blocks, (block) => {
    const container = block.within?.[depth]
    return container && `${container.kind} ${container.id}`
  }).flatMap((run): BookNode[] => {
    const container = run[0]!.within?.[depth]
    if (container === undefined) return run.map((block) => ({ kind: 'block', block }))
    if (container.kind === 'quote') return [{ kind: 'quote', nodes: blockTree(run, depth + 1) }]
    if (container.kind === 'table') return tableOf(run, depth)
    if (container.kind === 'definitions') return [{ kind: 'definitions', parts: definitionsOf(run, depth) }]
    const items = runsBy(run, (block) => String(itemOf(block, depth).item))
    return [
      {
        kind: 'list',
        numbering: container.numbering,
        items: items.map((own) => ({
          number: itemOf(own[0]!, depth).number,
          marked: own[0]!.within!.length === depth + 1 && ownMark.test(own[0]!.text),
          nodes: blockTree(own, depth + 1),
        })),
      },
    ]
  })
}

function definitionsOf(run: readonly Block[], depth: number): Definition[] {
  const containerOf = (block: Block): Definitions => block.within![depth] as Definitions
  return runsBy(run, (block) => String(containerOf(block).item)).map((own) => ({
    term: containerOf(own[0]!).term === true,
    nodes: blockTree(own, depth + 1),
  }))
}

function itemOf(block: Block, depth: number): List {
  return block.within![depth] as List
}

/** A table of a single column only frames what stands in it. */
function tableOf(blocks: readonly Block[], depth: number): BookNode[] {
  const rows = runsBy(blocks, (block) => String((block.within![depth] as Table).row)).map((row) => ({
    cells: cellsOf(row, depth),
  }))
  const columns = Math.max(...rows.flatMap(({ cells }) => cells.map(({ column }) => column + 1)), 0)
  return columns > 1 ? [{ kind: 'table', rows }] : blockTree(blocks, depth + 1)
}

function cellsOf(row: readonly Block[], depth: number): TableRow['cells'] {
  const found = row.flatMap((block) => {
    const cells = (block.marks ?? []).filter(({ cell }) => cell !== undefined)
    if (cells.length < 2)
      return [{ cell: cells[0]?.cell ?? { column: 0 }, nodes: () => blockTree([block], depth + 1) }]
    return cells.map(({ start, end, cell }, at) => {
      // What stands between two cells belongs to the one before it.
      const part = { start: at === 0 ? 0 : start, end: cells[at + 1]?.start ?? block.text.length }
      return { cell: cell!, end, nodes: (): BookNode[] => [{ kind: 'block', block, part }] }
    })
  })
  return runsBy(found, ({ cell }) => String(cell.column)).map((own) => ({
    ...own[0]!.cell,
    nodes: own.flatMap(({ nodes }) => nodes()),
  }))
}

/** Cuts into runs of neighbours with the same key; those without one stand alone or with each other. */
function runsBy<Each>(all: readonly Each[], keyOf: (each: Each) => string | undefined): Each[][] {
  const runs: { readonly key: string | undefined; readonly members: Each[] }[] = []
  for (const each of all) {
    const key = keyOf(each)
    const last = runs.at(-1)
    if (last !== undefined && last.key === key) last.members.push(each)
    else runs.push({ key, members: [each] })
  }
  return runs.map(({ members }) => members)
}
