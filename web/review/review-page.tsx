import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { Link } from 'wouter'
import { Loading, Trouble } from '../element/page-state.tsx'
import { foldText } from '../element/fold-text.ts'
import { useRows } from '../element/use-rows.ts'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useNovel } from '../queries.ts'
import { ChapterForm } from './chapter-form.tsx'
import { editWords } from './edit-words.ts'
import { RevertButton } from './revert-button.tsx'
import { ReviewRow } from './review-row.tsx'
import { type Edit, useEdit, useReview } from './use-edits.ts'
import './review.css'

const rowHeight = 104

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
  const chapters = useMemo(() => {
    const wanted = foldText(search)
    const all = review.data?.chapters ?? []
    if (wanted === '') return all
    return all.filter(
      ({ number, title: name, part = '' }) =>
        String(number) === wanted || foldText(`${part} ${name}`).includes(wanted),
    )
  }, [review.data, search])
  const height = useCallback(() => rowHeight, [])
  const keyOf = useCallback((at: number) => chapters[at]?.number ?? at, [chapters])
  const { list, items, total, place } = useRows({ count: chapters.length, height, keyOf })
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? review.error
  if (error && !review.data) return <Trouble error={error} onRetry={() => void review.refetch()} />
  if (!known.data || !review.data) return <Loading words={t`Opening the chapters…`} />
  const { novel } = known.data
  const { undo, redo } = review.data
  const last = undo && editWords(undo)
  const { length } = review.data.chapters
  const narrated = review.data.chapters.filter((chapter) => chapter.narrated).length
  const chosen = review.data.chapters.find(({ number }) => number === opened)
  return (
    <div className="review">
      <p className="review-back">
        <Link href={`/novels/${id}`}>{novel.title}</Link>
      </p>
      <h1>
        <Trans>Chapters</Trans>
      </h1>
      <p className="figures">
        {plural(length, { one: '# chapter', other: '# chapters' })} ·{' '}
        {plural(narrated, { one: '# of them is read aloud', other: '# of them are read aloud' })} ·{' '}
        <Link href={`/novels/${id}/coverage`}>
          <Trans>What is not spoken</Trans>
        </Link>
      </p>
      <div className="review-bar">
        <RevertButton direction="undo" entry={undo} edit={edit} />
        <RevertButton direction="redo" entry={redo} edit={edit} />
        <input
          type="search"
          aria-label={t`Find a chapter by number, title or part`}
          placeholder={t`Number, title or part`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <output className="figures review-told">
        {edit.isPending && edit.variables !== undefined ? t`One moment…` : last && t`Last changed: ${last}.`}
      </output>
      {edit.isError && <Trouble error={edit.error} />}
      {chapters.length === 0 && (
        <p className="soft">
          <Trans>No chapter answers to “{search}”.</Trans>
        </p>
      )}
      <ul ref={list} className="review-list" style={{ height: total }}>
        {items.map((item) => {
          const chapter = chapters[item.index]
          return (
            chapter && (
              <ReviewRow
                key={item.key}
                novelId={id}
                language={novel.language}
                chapter={chapter}
                count={length}
                busy={edit.isPending}
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
