import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ChevronDown, ChevronRight, MapPin } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { chapterNumbers } from '../element/chapter-names.ts'
import { isKey } from '../element/is-key.ts'
import { recall, remember } from '../element/stored.ts'
import { useRows } from '../element/use-rows.ts'
import { useWidth } from '../element/use-width.ts'
import { useMayChange } from '../account/may-change.ts'
import { MarkButton } from '../listener/mark-button.tsx'
import { ChapterRow } from './chapter-row.tsx'
import { chapterRows } from './chapter-rows.ts'
import { GenerateBar } from './generate-bar.tsx'
import { select } from './selection.ts'
import { useDragSelect } from './use-drag-select.ts'
import { SpotsLink } from '../spots/spots-link.tsx'
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
  const mayChange = useMayChange(novel)
  const numbers = useMemo(() => chapterNumbers(chapters), [chapters])
  const [folded, fold] = useFolded(novel.id)
  const rows = useMemo(
    () => chapterRows(chapters, search, numbers, folded),
    [chapters, search, numbers, folded],
  )
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
      return row?.kind === 'chapter' ? row.chapter.number : (row?.key ?? at)
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
  /** To the first that a search has found, among all chapters again; the focus goes there, too. */
  const wanted = useRef<number>(undefined)
  useEffect(() => {
    if (wanted.current === undefined) return
    const at = rows.findIndex((row) => row.kind === 'chapter' && row.chapter.number === wanted.current)
    const link = list.current?.querySelector<HTMLElement>(
      `[data-number="${wanted.current}"] .chapter-title a`,
    )
    if (link) {
      wanted.current = undefined
      link.focus({ preventScroll: true })
    } else if (at >= 0) show(at)
  })
  function jump(): void {
    const [first] = order
    if (search.trim() === '' || first === undefined) return
    wanted.current = first
    fold('')
    setSearch('')
  }
  const drag = useDragSelect(selected, onSelect)
  function showPlace(): void {
    show(leftAt)
    focusPlace()
  }

  return (
    <section ref={section} aria-labelledby="chapters" className="chapters" data-narrow={narrow}>
      <div className="chapters-head">
        <h2 id="chapters">
          <Trans>Chapters</Trans>
        </h2>
        {mayChange && (
          <>
            <Link className="chapters-review" href={`/novels/${novel.id}/review`}>
              <Trans>Review the chapters</Trans>
            </Link>
            <Link className="chapters-review" href={`/novels/${novel.id}/cast`}>
              <Trans>The cast</Trans>
            </Link>
            <SpotsLink novelId={novel.id} />
            <Link className="chapters-review" href={`/novels/${novel.id}/words`}>
              <Trans>Names and words</Trans>
            </Link>
          </>
        )}
        {chapters.length >= searchFrom && leftAt >= 0 && (
          <button type="button" className="button small" onClick={showPlace}>
            <MapPin size={16} aria-hidden="true" /> <Trans>Your place</Trans>
          </button>
        )}
        {chapters.length >= searchFrom && (
          <label>
            <span className="unseen">{t`Find a chapter by title, number or range`}</span>
            <input
              type="search"
              placeholder={t`Title, or 100-200, 305`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              onKeyDown={(event) => isKey(event, 'Enter') && jump()}
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
      {rows.length === 0 && (
        <p className="soft">
          <Trans>No chapter answers to “{search}”.</Trans>
        </p>
      )}
      <ul ref={list} className="chapter-list" style={{ height: total }} {...drag}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return row.kind === 'heading' ? (
            <li key={item.key} className="chapter-part" style={place(item)}>
              <h3 lang={novel.language}>
                <button
                  type="button"
                  className="chapter-fold"
                  aria-expanded={!row.folded}
                  onClick={() => fold(row.key)}
                >
                  {row.folded ? (
                    <ChevronRight size={18} aria-hidden="true" />
                  ) : (
                    <ChevronDown size={18} aria-hidden="true" />
                  )}{' '}
                  {row.title}
                  {row.folded && (
                    <span className="figures">
                      {' '}
                      · {plural(row.chapters, { one: '# chapter', other: '# chapters' })}
                    </span>
                  )}
                </button>
              </h3>
              {row.numbers.length > 0 && (
                <MarkButton
                  className="chapter-part-mark"
                  novelId={novel.id}
                  numbers={row.numbers}
                  finished={row.finished}
                  name={row.title}
                />
              )}
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

/** The headings of a novel that are folded, remembered by this browser; what is given is folded or unfolded, all if empty. */
function useFolded(novelId: string): [ReadonlySet<string>, (key: string) => void] {
  const name = `folded ${novelId}`
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => {
    const known = recall(name)
    return new Set(Array.isArray(known) ? known.map(String) : [])
  })
  const fold = (key: string): void => {
    const next = new Set(key === '' ? [] : folded)
    if (key !== '' && !next.delete(key)) next.add(key)
    setFolded(next)
    remember(name, [...next])
  }
  return [folded, fold]
}
