import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { useMedia } from '../element/use-media.ts'
import { useRows } from '../element/use-rows.ts'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { useDragSelect } from '../novel/use-drag-select.ts'
import { leadsNowhere, useNovel } from '../queries.ts'
import { ChapterForm } from './chapter-form.tsx'
import { editWords } from './edit-words.ts'
import { PartRow } from './part-row.tsx'
import { RangeBar } from './range-bar.tsx'
import { RevertButton } from '../element/revert-button.tsx'
import { ReviewRow } from './review-row.tsx'
import { partRuns, placeBeside, reviewRows } from './review-rows.ts'
import { type Edit, useEdit, useReview } from './use-edits.ts'
import { useSelection } from './use-selection.ts'
import '../element/sticky-bar.css'
import { Told } from '../element/told.tsx'
import { hasHeadingRules } from '../novel/has-heading-rules.ts'
import './review.css'

/** In pixels; on a phone why a chapter is read stands on two lines. */
const [rowHeight, phoneRowHeight, partHeight] = [104, 120, 64]

/** The chapters of a book before it is spoken: how they were cut and which are read, and all of it can be changed. */
export function ReviewPage({ id }: { readonly id: string }) {
  const { t } = useLingui()
  const known = useNovel(id)
  const review = useReview(id)
  const edit = useEdit(id)
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`Chapters of ${title}`)
  useUndoKeys(edit)
  const [search, setSearch] = useState('')
  const [opened, setOpened] = useState<number>()
  const chapters = useMemo(() => review.data?.chapters ?? [], [review.data])
  const rows = useMemo(() => reviewRows(chapters, search), [chapters, search])
  const runs = useMemo(() => partRuns(chapters), [chapters])
  const order = useMemo(
    () => rows.flatMap((row) => (row.kind === 'chapter' ? [row.chapter.number] : [])),
    [rows],
  )
  const { selected, setSelected, onSelect, selectAll } = useSelection(order, chapters)
  const drag = useDragSelect(selected, onSelect)
  // As in the style sheet.
  const narrow = useMedia('(width < 700px)')
  const height = useCallback(
    (at: number) => (rows[at]?.kind === 'part' ? partHeight : narrow ? phoneRowHeight : rowHeight),
    [rows, narrow],
  )
  const keyOf = useCallback(
    (at: number) => {
      const row = rows[at]
      return row?.kind === 'part' ? `part ${row.run.first}` : (row?.chapter.number ?? at)
    },
    [rows],
  )
  const { list, items, total, place } = useRows({ count: rows.length, height, keyOf })
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? review.error
  if (error && !review.data)
    return <PageTrouble title={t`Chapters`} error={error} onRetry={() => void review.refetch()} />
  if (!known.data || !review.data) return <Loading words={t`Opening the chapters…`} />
  const { novel } = known.data
  const { undo, redo } = review.data
  const last = undo && editWords(undo)
  const { length } = chapters
  const narrated = chapters.filter((chapter) => chapter.narrated).length
  const chosen = chapters.find(({ number }) => number === opened)
  const movePart = (first: number, end: number, step: -1 | 1): (() => void) | undefined => {
    const to = placeBeside(runs, first, step)
    if (to === undefined) return undefined
    return () => !edit.isPending && edit.mutate({ kind: 'move', first, last: end, to })
  }
  return (
    <div className="review">
      <BackLink href={`/novels/${id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>Chapters</Trans>
      </h1>
      <p className="figures">
        {plural(length, { one: '# chapter', other: '# chapters' })} ·{' '}
        {plural(narrated, { one: '# of them is read aloud', other: '# of them are read aloud' })} ·{' '}
        <Link href={`/novels/${id}/coverage`}>
          <Trans>What is not spoken</Trans>
        </Link>{' '}
        ·{' '}
        <Link href={`/novels/${id}/headings`}>
          {hasHeadingRules(novel) ? (
            <Trans>Where chapters begin</Trans>
          ) : (
            <Trans>Read again from its file</Trans>
          )}
        </Link>
      </p>
      <div className="sticky-bar review-bar">
        <RevertButton
          direction="undo"
          idle={!undo || edit.isPending}
          what={undo && editWords(undo)}
          onRevert={(way) => edit.mutate(way)}
        />
        <RevertButton
          direction="redo"
          idle={!redo || edit.isPending}
          what={redo && editWords(redo)}
          onRevert={(way) => edit.mutate(way)}
        />
        <input
          type="search"
          aria-label={t`Find chapters by number, range, title or part`}
          placeholder={t`Title, or 100-200, 305`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <RangeBar
          novelId={id}
          last={length}
          order={order}
          isSearch={search.trim() !== ''}
          selected={selected}
          onSelected={setSelected}
          edit={edit}
        />
      </div>
      <Told
        className="figures review-told"
        words={
          edit.isPending && edit.variables !== undefined ? t`One moment…` : last && t`Last changed: ${last}.`
        }
      />
      {edit.isError && <Trouble error={edit.error} />}
      {rows.length === 0 && (
        <p className="soft">
          <Trans>No chapter answers to “{search}”.</Trans>
        </p>
      )}
      <ul ref={list} className="review-list" style={{ height: total }} {...drag}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          if (row.kind === 'part') {
            const { first, last: end } = row.run
            const numbers = chapters.slice(first - 1, end).map(({ number }) => number)
            return (
              <PartRow
                key={item.key}
                language={novel.language}
                run={row.run}
                isSelected={numbers.every((number) => selected.has(number))}
                onSelect={(on) => selectAll(numbers, on)}
                onUp={movePart(first, end, -1)}
                onDown={movePart(first, end, 1)}
                style={place(item)}
              />
            )
          }
          const { chapter } = row
          return (
            <ReviewRow
              key={item.key}
              novelId={id}
              language={novel.language}
              chapter={chapter}
              count={length}
              busy={edit.isPending}
              parted={search.trim() === ''}
              selected={selected.has(chapter.number)}
              onSelect={onSelect}
              onStep={(step) => {
                const next = order[order.indexOf(chapter.number) + step]
                if (next === undefined) return
                onSelect(chapter.number, true, false)
                onSelect(next, true, true)
                list.current
                  ?.querySelector<HTMLElement>(`[data-number="${next}"] .review-select input`)
                  ?.focus()
              }}
              onNarrate={() =>
                edit.mutate({
                  kind: 'narrate',
                  chapterNumbers: [chapter.number],
                  narrated: !chapter.narrated,
                })
              }
              onChange={() => setOpened(chapter.number)}
              style={place(item)}
            />
          )
        })}
      </ul>
      {chosen && (
        <ChapterForm
          key={chosen.number}
          novel={novel}
          chapter={chosen}
          last={length}
          edit={edit}
          onClose={() => setOpened(undefined)}
        />
      )}
    </div>
  )
}

/** Ctrl+Z and Ctrl+Shift+Z, unless something is being typed. */
function useUndoKeys({ isPending, mutate }: Edit): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (isPending || event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey)) return
      if ((event.target as Element).closest('input, textarea, [contenteditable]')) return
      event.preventDefault()
      mutate(event.shiftKey ? 'redo' : 'undo')
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [isPending, mutate])
}
