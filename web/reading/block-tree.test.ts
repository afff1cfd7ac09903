import { expect, test } from 'vitest'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { blockTree, type BookNode } from './block-tree.ts'

type Block = Chapter['blocks'][number]

const block = (text: string, within?: Block['within'], marks?: Block['marks']): Block => ({
  index: 0,
  kind: 'paragraph',
  text,
  ...(within && { within }),
  ...(marks && { marks }),
})
const item = (id: number, at: number) => ({ kind: 'list' as const, id, item: at })
const row = (id: number, at: number) => ({ kind: 'table' as const, id, row: at })
const cell = (start: number, end: number, column: number) => ({
  start,
  end,
  kind: 'cell' as const,
  cell: { column },
})

function shown(nodes: readonly BookNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'block')
        return node.part ? node.block.text.slice(node.part.start, node.part.end) : node.block.text
      if (node.kind === 'quote') return `“${shown(node.nodes)}”`
      if (node.kind === 'definitions')
        return `{${node.parts.map((each) => `${each.term ? '!' : ''}${shown(each.nodes)}`).join('; ')}}`
      if (node.kind === 'list') return `(${node.items.map((each) => shown(each.nodes)).join('; ')})`
      return `[${node.rows
        .map(({ cells }) => cells.map((each) => `${each.column}:${shown(each.nodes)}`).join(','))
        .join(' | ')}]`
    })
    .join(' ')
}

test('blocks of one item, list, quotation or table come together, others stay apart', () => {
  const blocks = [
    block('a'),
    block('b', [item(1, 0)]),
    block('c', [item(1, 0)]),
    block('d', [item(1, 1), item(2, 0)]),
    block('e', [item(1, 1), item(2, 1)]),
    block('f', [item(3, 0)]),
    block('g', [{ kind: 'quote', id: 4 }]),
    block('h', [
      { kind: 'quote', id: 4 },
      { kind: 'quote', id: 5 },
    ]),
    block('i'),
  ]
  expect(shown(blockTree(blocks))).toBe('a (b c; (d; e)) (f) “g “h”” i')
})

test('terms and what they mean come together, with all that stands in one', () => {
  const part = (at: number, term?: true) => ({
    kind: 'definitions' as const,
    id: 1,
    item: at,
    ...(term && { term }),
  })
  const blocks = [
    block('ash', [part(0, true)]),
    block('a tree', [part(1)]),
    block('it bends', [part(1)]),
    block('red', [part(1), item(2, 0)]),
    block('after'),
  ]
  expect(shown(blockTree(blocks))).toBe('{!ash; a tree it bends (red)} after')
})

test('a row’s cells are parts of one block, or blocks of their own', () => {
  const blocks = [
    block('Name Guns', [row(1, 0)], [cell(0, 4, 0), cell(5, 9, 1)]),
    block('Victory', [row(1, 1)], [cell(0, 7, 0)]),
    block('lower', [row(1, 1)], [cell(0, 5, 1)]),
    block('deck', [row(1, 1)], [cell(0, 4, 1)]),
  ]
  expect(shown(blockTree(blocks))).toBe('[0:Name ,1:Guns | 0:Victory,1:lower deck]')
})

test('a table that only frames is none', () => {
  const framed = block('boxed', [row(1, 0)], [cell(0, 5, 0)])
  expect(shown(blockTree([framed, block('more', [row(1, 1)])]))).toBe('boxed more')
})

test('an item that brings a mark of its own gets no other', () => {
  const [list] = blockTree([block('• first', [item(1, 0)]), block('second', [item(1, 1)])])
  expect(list).toMatchObject({ kind: 'list', items: [{ marked: true }, { marked: false }] })
})
