import { cleanLine } from '../clean-text.ts'
import type { ContentsEntry } from '../publication/contents.ts'
import type { MobiEntry } from './mobi-documents.ts'
import { readMobiIndex } from './mobi-index.ts'
import type { PalmDatabase } from './palm-database.ts'

export interface NcxPlace {
  readonly title: string
  readonly level: number
  /** In a KF8 book: fragment and offset in it. */
  readonly position: readonly [fragment: number, offset: number] | undefined
  /** In an older book: offset in its text. */
  readonly offset: number | undefined
}

/** The table of contents that begins with record `first`, in reading order. Throws `novel.damaged`. */
export function readNcx(database: PalmDatabase, first: number): NcxPlace[] {
  const { entries, texts } = readMobiIndex(database, first)
  const places = entries.map(({ tags }, index) => {
    const [fragment, offset = 0] = tags.get(6) ?? []
    return {
      index,
      title: cleanLine(texts.get(tags.get(3)?.[0] ?? -1) ?? ''),
      level: tags.get(4)?.[0] ?? 0,
      parent: tags.get(21)?.[0],
      position: fragment === undefined ? undefined : ([fragment, offset] as const),
      offset: tags.get(1)?.[0],
    }
  })
  // Entries are sorted by level; children follow their parent when they are read.
  const children = Map.groupBy(places, ({ parent }) => parent)
  const ordered: NcxPlace[] = []
  const seen = new Set<number>()
  const add = (list: typeof places): void => {
    const open = list.toReversed()
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      if (seen.has(place.index)) continue
      seen.add(place.index)
      ordered.push(place)
      for (const child of (children.get(place.index) ?? []).toReversed()) open.push(child)
    }
  }
  add(places.filter(({ parent }) => parent === undefined))
  return ordered
}

/** Real contents are 4 levels deep. */
const deepest = 20

/** Entries with levels as a tree. */
export function contentsTree(entries: readonly MobiEntry[]): ContentsEntry[] {
  interface Node {
    title: string
    target?: ContentsEntry['target']
    children: Node[]
  }
  const roots: Node[] = []
  /** The last entry of each level. */
  const open: Node[] = []
  for (const { title, level, target } of entries) {
    if (title === '') continue
    const node: Node = { title, ...(target && { target }), children: [] }
    open.length = Math.min(open.length, Math.max(0, level), deepest)
    ;(open.at(-1)?.children ?? roots).push(node)
    open.push(node)
  }
  return roots as ContentsEntry[]
}
