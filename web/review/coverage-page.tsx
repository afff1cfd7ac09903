import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useCallback, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { Coverage, SkippedText } from '../../src/http/contract/coverage-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useRows } from '../element/use-rows.ts'
import { useTitle } from '../element/use-title.ts'
import { keys } from '../keys.ts'
import { skipWords, whyLeftOut } from '../novel/left-out.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useNovel } from '../queries.ts'
import { askCoverage, askSkips } from './coverage-api.ts'
import { editWords } from './edit-words.ts'
import { RevertButton } from '../element/revert-button.tsx'
import { type Edit, useEdit, useReview } from './use-edits.ts'
import '../element/sticky-bar.css'
import { Told } from '../element/told.tsx'
import './review.css'

/** What of a book's text is not spoken, and why; each text can be had spoken after all. */
export function CoveragePage({ id }: { readonly id: string }) {
  const { t } = useLingui()
  const known = useNovel(id)
  const coverage = useQuery({
    queryKey: keys.coverage(id),
    queryFn: ({ signal }) => askCoverage(id, signal),
  })
  const undo = useReview(id).data?.undo
  const edit = useEdit(id)
  const [reason, setReason] = useState('')
  const title = known.data?.novel.title ?? ''
  useTitle(title && t`What is not spoken of ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? coverage.error
  if (error && !coverage.data)
    return <PageTrouble title={t`What is not spoken`} error={error} onRetry={() => void coverage.refetch()} />
  if (!known.data || !coverage.data) return <Loading words={t`Looking through the book…`} />
  const { novel } = known.data
  const { percent, chaptersLeftOut, reasons } = coverage.data
  const chapters = chaptersLeftOut.chapterNumbers.length
  const last = undo && editWords(undo)
  return (
    <div className="review">
      <BackLink href={`/novels/${id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>What is not spoken</Trans>
      </h1>
      <p>
        <Trans>{percent} % of the text of this book is spoken.</Trans>
        {chapters > 0 && (
          <>
            {' '}
            {plural(chapters, {
              one: '# chapter is left out as a whole.',
              other: '# chapters are left out as a whole.',
            })}{' '}
            <Link href={`/novels/${id}/review`}>
              <Trans>Choose which chapters are read</Trans>
            </Link>
          </>
        )}
      </p>
      <div className="sticky-bar review-bar">
        <RevertButton
          direction="undo"
          idle={!undo || edit.isPending}
          what={undo && editWords(undo)}
          onRevert={(way) => edit.mutate(way)}
        />
        <label>
          <span className="unseen">
            <Trans>Show texts that were left out as</Trans>
          </span>
          <select value={reason} onChange={(event) => setReason(event.target.value)}>
            <option value="">{t`Every reason`}</option>
            {reasons.map((each) => (
              <option key={each.reason} value={each.reason}>
                {skipWords(each.reason)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Told
        className="figures review-told"
        words={edit.isPending ? t`One moment…` : last && t`Last changed: ${last}.`}
      />
      {edit.isError && <Trouble error={edit.error} />}
      {reasons
        .filter((each) => reason === '' || each.reason === reason)
        .map((each) => (
          <Reason key={each.reason} found={each} edit={edit} />
        ))}
      <SkipList novel={novel} reason={reason} edit={edit} />
    </div>
  )
}

interface ReasonProps {
  readonly found: Coverage['reasons'][number]
  readonly edit: Edit
}

/** How much is left out for one reason, and the way to have all of it spoken. */
function Reason({ found, edit }: ReasonProps) {
  const { reason, count, characters, percent, restorable } = found
  const name = skipWords(reason)
  return (
    <section className="coverage-reason" aria-label={name}>
      <div>
        <h2>{name}</h2>
        <p>{whyLeftOut(reason)}</p>
        <p className="figures">
          {plural(count, { one: '# place', other: '# places' })} ·{' '}
          {plural(characters, { one: '# character', other: '# characters' })} · {percent} %
        </p>
      </div>
      {restorable > 0 && (
        <PushButton
          className="button"
          idle={edit.isPending}
          onClick={() => edit.mutate({ kind: 'restore', reason })}
        >
          {plural(restorable, { one: 'Read this one aloud', other: 'Read all # of these aloud' })}
          <span className="unseen">: {name}</span>
        </PushButton>
      )}
    </section>
  )
}

const perPage = 200
const rowHeight = 116

interface SkipListProps {
  readonly novel: Novel
  readonly reason: string
  readonly edit: Edit
}

/** All texts that are left out, in reading order. */
function SkipList({ novel, reason, edit }: SkipListProps) {
  const { t } = useLingui()
  const found = useInfiniteQuery({
    queryKey: [...keys.coverage(novel.id), reason],
    queryFn: ({ pageParam, signal }) =>
      askSkips(novel.id, { reason, offset: pageParam, limit: perPage }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) =>
      pages.length * perPage < last.total ? pages.length * perPage : undefined,
  })
  const skips = useMemo(() => found.data?.pages.flatMap((page) => page.skips) ?? [], [found.data])
  const total = found.data?.pages[0]?.total ?? 0
  const height = useCallback(() => rowHeight, [])
  const keyOf = useCallback((at: number) => `${skips[at]?.chapterNumber}/${skips[at]?.index}`, [skips])
  const { list, items, total: tall, place } = useRows({ count: skips.length, height, keyOf })
  if (found.isError) return <Trouble error={found.error} onRetry={() => void found.refetch()} />
  return (
    <section aria-labelledby="every-skip">
      <h2 id="every-skip">{plural(total, { one: '# text', other: '# texts' })}</h2>
      <ul ref={list} className="review-list" style={{ height: tall }}>
        {items.map((item) => {
          const skip = skips[item.index]
          return (
            skip && (
              <SkipRow
                key={item.key}
                novel={novel}
                skip={skip}
                count={total}
                place={item.index + 1}
                edit={edit}
                style={place(item)}
              />
            )
          )
        })}
      </ul>
      {found.hasNextPage && (
        <PushButton
          className="button"
          idle={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {found.isFetchingNextPage ? t`One moment…` : t`Show more`}
        </PushButton>
      )}
    </section>
  )
}

interface SkipRowProps {
  readonly novel: Novel
  readonly skip: SkippedText
  readonly count: number
  readonly place: number
  readonly edit: Edit
  readonly style: React.CSSProperties
}

function SkipRow({ novel, skip, count, place, edit, style }: SkipRowProps) {
  const { chapterNumber, index, reason, text, restorable } = skip
  return (
    <li className="review-row" aria-setsize={count} aria-posinset={place} style={style}>
      <div className="review-words">
        <p className="figures">
          <Link href={`/novels/${novel.id}/chapters/${chapterNumber}`}>
            <Trans>Chapter {chapterNumber}</Trans>
          </Link>{' '}
          · {skipWords(reason)}
        </p>
        <p className="coverage-text" lang={novel.language} dir="auto">
          {text}
        </p>
      </div>
      {restorable && (
        <PushButton
          className="button small"
          idle={edit.isPending}
          onClick={() => edit.mutate({ kind: 'restore', skips: [{ chapterNumber, index }] })}
        >
          <Trans>Read this aloud</Trans>
          <span className="unseen">: {text.slice(0, 60)}</span>
        </PushButton>
      )}
    </li>
  )
}
