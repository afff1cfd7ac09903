import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { useMedia } from '../element/use-media.ts'
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
      setSelected((now) => select(now, order, number, on, range ? anchor.current : undefined))
      anchor.current = number
    },
    [order],
  )

  const list = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0))
  const narrow = useMedia('(max-width: 700px)')
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (at) => (rows[at]?.kind === 'heading' ? 56 : narrow ? 84 : 56),
    getItemKey: (at) => {
      const row = rows[at]
      return row?.kind === 'chapter' ? row.chapter.number : `${at} ${row?.title}`
    },
    overscan: 12,
    scrollMargin: top,
  })
  useLayoutEffect(() => virtual.measure(), [virtual, narrow, rows.length])

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
      <div ref={list} role="list" className="chapter-list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (!row) return null
          const place = { height: item.size, transform: `translateY(${item.start - top}px)` }
          return row.kind === 'heading' ? (
            <div key={item.key} role="listitem" className="chapter-part" style={place}>
              <h3 lang={novel.language}>{row.title}</h3>
            </div>
          ) : (
            <ChapterRow
              key={item.key}
              novel={novel}
              chapter={row.chapter}
              selected={selected.has(row.chapter.number)}
              onSelect={onSelect}
              place={place}
              count={chapters.length}
            />
          )
        })}
      </div>
    </section>
  )
}
