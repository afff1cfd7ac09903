import { MapPin } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { chapterNumbers } from '../element/chapter-names.ts'
import { useRows } from '../element/use-rows.ts'
import { useWidth } from '../element/use-width.ts'
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
/** A narrower list sets each chapter in two lines: titles have the room that is left beside all else. */
const twoLinesBelow = 700

/** All chapters, of which only those in sight are in the page: a web novel has thousands. */
export function ChapterList({ novel, chapters }: ChapterListProps) {
  const [search, setSearch] = useState('')
  const numbers = useMemo(() => chapterNumbers(chapters), [chapters])
  const rows = useMemo(() => chapterRows(chapters, search, numbers), [chapters, search, numbers])
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set())
  const anchor = useRef<number>(undefined)
  const order = useMemo(
    () => rows.flatMap((row) => (row.kind === 'chapter' ? [row.chapter.number] : [])),
    [rows],
  )
  const all = useMemo(() => chapters.map(({ number }) => number), [chapters])
  const onSelect = useCallback(
    (number: number, on: boolean, range: boolean) => {
      const from = range ? anchor.current : undefined
      setSelected((now) => select(now, { order, all }, number, on, from))
      anchor.current = number
    },
    [order, all],
  )

  const section = useRef<HTMLElement>(null)
  const narrow = useWidth(section) < twoLinesBelow
  const height = useCallback(
    (at: number) => (rows[at]?.kind === 'heading' ? 56 : narrow ? 100 : 56),
    [rows, narrow],
  )
  const keyOf = useCallback(
    (at: number) => {
      const row = rows[at]
      return row?.kind === 'chapter' ? row.chapter.number : `${at} ${row?.title}`
    },
    [rows],
  )
  const { list, items, total, place, show } = useRows({ count: rows.length, height, keyOf })
  const left = novel.position?.chapterNumber
  const leftAt = rows.findIndex((row) => row.kind === 'chapter' && row.chapter.number === left)
  const sought = useRef(false)
  /** The focus goes to the place, too, as soon as its row is in the page. */
  const focusPlace = useCallback(() => {
    const row = list.current?.querySelector('.chapter-row:has(.chapter-place)')
    sought.current = !row
    row?.querySelector<HTMLElement>('.chapter-title a')?.focus({ preventScroll: true })
  }, [list])
  useEffect(() => {
    if (sought.current) focusPlace()
  })
  function showPlace(): void {
    show(leftAt)
    focusPlace()
  }

  return (
    <section ref={section} aria-labelledby="chapters" className="chapters" data-narrow={narrow}>
      <div className="chapters-head">
        <h2 id="chapters">Chapters</h2>
        {chapters.length >= searchFrom && leftAt >= 0 && (
          <button type="button" className="button small" onClick={showPlace}>
            <MapPin size={16} aria-hidden="true" /> Your place
          </button>
        )}
        {chapters.length >= searchFrom && (
          <label>
            <span className="unseen">Find a chapter by title, number or range</span>
            <input
              type="search"
              placeholder="Title, or 100-200, 305"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        )}
      </div>
      <GenerateBar
        novel={novel}
        chapters={chapters}
        found={search.trim() === '' ? undefined : order}
        selected={selected}
        onSelected={setSelected}
      />
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
              shown={numbers.get(row.chapter.number)}
              selected={selected.has(row.chapter.number)}
              isPlace={row.chapter.number === left}
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
