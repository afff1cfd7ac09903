import { useCallback, useMemo, useRef, useState } from 'react'
import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { useMedia } from '../element/use-media.ts'
import { useRows } from '../element/use-rows.ts'
import { ChapterRow } from './chapter-row.tsx'
import { chapterRows } from './chapter-rows.ts'
import { GenerateBar } from './generate-bar.tsx'
import { select } from './selection.ts'
import './chapter-list.css'

interface ChapterListProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

/** Below this a search would be one thing more to look at. */
const searchFrom = 20

/** All chapters, of which only those in sight are in the page: a web novel has thousands. */
export function ChapterList({ novel, chapters }: ChapterListProps) {
  const [search, setSearch] = useState('')
  const rows = useMemo(() => chapterRows(chapters, search), [chapters, search])
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const anchor = useRef<number>(undefined)
  const order = useMemo(
    () => rows.flatMap((row) => (row.kind === 'chapter' ? [row.chapter.number] : [])),
    [rows],
  )
  const onSelect = useCallback(
    (number: number, on: boolean, range: boolean) => {
      const from = range ? anchor.current : undefined
      setSelected((now) => select(now, order, number, on, from))
      anchor.current = number
    },
    [order],
  )

  const narrow = useMedia('(max-width: 700px)')
  const height = useCallback(
    (at: number) => (rows[at]?.kind === 'heading' ? 56 : narrow ? 84 : 52),
    [rows, narrow],
  )
  const keyOf = useCallback(
    (at: number) => {
      const row = rows[at]
      return row?.kind === 'chapter' ? row.chapter.number : `${at} ${row?.title}`
    },
    [rows],
  )
  const { list, items, total, place } = useRows({ count: rows.length, height, keyOf })

  return (
    <section aria-labelledby="chapters" className="chapters">
      <div className="chapters-head">
        <h2 id="chapters">Chapters</h2>
        {chapters.length >= searchFrom && (
          <label>
            <span className="unseen">Find a chapter</span>
            <input
              type="search"
              placeholder="Number or title"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        )}
      </div>
      <GenerateBar novel={novel} chapters={chapters} selected={selected} onSelected={setSelected} />
      {rows.length === 0 && <p className="soft">No chapter answers to “{search}”.</p>}
      <ul ref={list} className="chapter-list" style={{ height: total }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return row.kind === 'heading' ? (
            <li key={item.key} className="chapter-part" style={place(item)}>
              <h3 lang={novel.language}>{row.title}</h3>
            </li>
          ) : (
            <ChapterRow
              key={item.key}
              novel={novel}
              chapter={row.chapter}
              selected={selected.has(row.chapter.number)}
              onSelect={onSelect}
              height={item.size}
              transform={place(item).transform}
              count={chapters.length}
            />
          )
        })}
      </ul>
    </section>
  )
}
