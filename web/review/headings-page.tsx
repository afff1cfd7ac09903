import { useQuery } from '@tanstack/react-query'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useCallback } from 'react'
import { useLocation } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { ReadAgainPreview } from '../../src/http/contract/review-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useRows } from '../element/use-rows.ts'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useNovel } from '../queries.ts'
import { changesNothing, outlineWords, previewWords } from './heading-words.ts'
import { askHeadings } from './headings-api.ts'
import { RuleForm } from './rule-form.tsx'
import { useEdit } from './use-edits.ts'
import { hasHeadingRules } from '../novel/has-heading-rules.ts'
import { useOutline, usePreview } from './use-preview.ts'
import { useRuleChoice } from './use-rule-choice.ts'
import './review.css'
import { Told } from '../element/told.tsx'
import './headings.css'

/** Where the chapters of a book begin: its file is read again by another rule, or for what the importer finds by now. */
export function HeadingsPage({ id }: { readonly id: string }) {
  const { t } = useLingui()
  const known = useNovel(id)
  const isText = known.data !== undefined && hasHeadingRules(known.data.novel)
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`Where the chapters of ${title} begin`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  if (known.error && !known.data)
    return (
      <PageTrouble title={t`Where chapters begin`} error={known.error} onRetry={() => void known.refetch()} />
    )
  if (!known.data) return <Loading words={t`Opening the chapters…`} />
  return (
    <div className="review">
      <BackLink href={`/novels/${id}/review`}>
        <Trans>Chapters of {title}</Trans>
      </BackLink>
      <h1>{isText ? <Trans>Where chapters begin</Trans> : <Trans>Read again from its file</Trans>}</h1>
      <p>
        {isText ? (
          <Trans>
            A plain text does not say where its chapters begin. Choose by what they are found; nothing changes
            before you press the button, and it can be undone.
          </Trans>
        ) : (
          <Trans>
            What was found in the file when this book was added may be less than what Nightjar finds by now,
            like emphasis and notes. Nothing changes before you press the button, and it can be undone.
          </Trans>
        )}
      </p>
      <Choice novel={known.data.novel} isText={isText} />
    </div>
  )
}

function Choice({ novel, isText }: { readonly novel: Novel; readonly isText: boolean }) {
  const { t } = useLingui()
  const [, go] = useLocation()
  const edit = useEdit(novel.id)
  const headings = useQuery({
    queryKey: keys.headings(novel.id),
    queryFn: ({ signal }) => askHeadings(novel.id, signal),
    enabled: isText,
    staleTime: Infinity,
    gcTime: 0,
  })
  const choice = useRuleChoice(headings.data, isText)
  const { command } = choice
  const preview = usePreview(novel.id, command)
  const outline = useOutline(novel.id, command)
  if (isText && headings.error)
    return <Trouble error={headings.error} onRetry={() => void headings.refetch()} />
  if (isText && !headings.data) return <Loading words={t`Looking for chapters…`} />
  const isLate = preview.isFetching || preview.isPlaceholderData
  const idle =
    !command || edit.isPending || isLate || !preview.data || preview.isError || changesNothing(preview.data)
  const isOutline = isLate && outline.data !== undefined
  const chapters = isOutline ? outline.data.chapters : preview.data?.chapters
  const apply = (): void => {
    if (command) edit.mutate(command, { onSuccess: () => go(`/novels/${novel.id}/review`) })
  }
  return (
    <>
      {headings.data && <RuleForm headings={headings.data} choice={choice} />}
      <section className="headings-preview" aria-labelledby="headings-preview">
        <h2 id="headings-preview">
          <Trans>What it would be</Trans>
        </h2>
        <Told
          className="headings-told"
          words={
            !command
              ? t`Write the pattern of a heading.`
              : isLate
                ? isOutline
                  ? outlineWords(outline.data.chapters.length)
                  : t`Reading the file…`
                : preview.data && !preview.isError && previewWords(preview.data).join(' ')
          }
        />
        {preview.isError && !isLate && <Trouble error={preview.error} />}
        {edit.isError && <Trouble error={edit.error} />}
        <p className="headings-action">
          <PushButton className="button main" idle={idle} onClick={apply}>
            {edit.isPending ? <Trans>One moment…</Trans> : <Trans>Make the chapters like this</Trans>}
          </PushButton>
        </p>
        <p className="soft">
          <Trans>
            A chapter whose text stays the same keeps its name and whether it is read aloud. Places, bookmarks
            and what was heard go along.
          </Trans>
        </p>
        {chapters && (isOutline || !preview.isError) && command && (
          <PreviewList language={novel.language} chapters={chapters} isLate={isLate && !isOutline} />
        )}
      </section>
    </>
  )
}

const rowHeight = 56

type ShownChapter = Omit<ReadAgainPreview['chapters'][number], 'kept'> & { readonly kept?: boolean }

interface PreviewListProps {
  readonly language: string
  readonly chapters: readonly ShownChapter[]
  readonly isLate: boolean
}

function PreviewList({ language, chapters, isLate }: PreviewListProps) {
  const { t } = useLingui()
  const height = useCallback(() => rowHeight, [])
  const keyOf = useCallback((at: number) => at, [])
  const { list, items, total, place } = useRows({ count: chapters.length, height, keyOf })
  return (
    <ul
      ref={list}
      className="review-list"
      style={{ height: total }}
      data-late={isLate}
      aria-label={t`Chapters as they would be`}
    >
      {items.map((item) => {
        const chapter = chapters[item.index]
        return (
          chapter && (
            <li
              key={item.key}
              className="review-row"
              aria-setsize={chapters.length}
              aria-posinset={item.index + 1}
              style={place(item)}
            >
              <span className="figures review-number">{item.index + 1}</span>
              <div className="headings-chapter">
                <p className="headings-title" lang={language}>
                  {chapter.title || t`Without a title`}
                  {chapter.part && <span className="soft"> · {chapter.part}</span>}
                </p>
                <p className="figures headings-length">
                  {plural(chapter.characters, { one: '# character', other: '# characters' })}
                  {!chapter.narrated && ` · ${t`not read`}`}
                  {chapter.kept && ` · ${t`as now`}`}
                </p>
              </div>
            </li>
          )
        )
      })}
    </ul>
  )
}
