import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useChapter, useNovel } from '../queries.ts'
import { useCast, useCastLines } from './cast-queries.ts'
import { LineList } from './line-list.tsx'
import '../element/sticky-bar.css'
import './cast.css'

interface LinesPageProps {
  readonly id: string
  readonly number: number
}

/** The lines of a chapter with who speaks each; one or several in a row are given to others. */
export function LinesPage({ id, number }: LinesPageProps) {
  const known = useNovel(id)
  const chapter = useChapter(id, number)
  const cast = useCast(id)
  const lines = useCastLines(id, number)
  const title = chapter.data?.title ?? ''
  useTitle(title && t`Who speaks in ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? chapter.error ?? cast.error ?? lines.error
  if (error && !lines.data)
    return <PageTrouble title={t`Who speaks`} error={error} onRetry={() => void lines.refetch()} />
  if (!known.data || !chapter.data || !cast.data || !lines.data)
    return <Loading words={t`Looking who speaks…`} />
  const numbers = known.data.chapters.filter(({ narrated }) => narrated).map((one) => one.number)
  const at = numbers.indexOf(number)
  const [before, behind] = [numbers[at - 1], numbers[at + 1]]
  return (
    <div className="cast">
      <BackLink href={`/novels/${id}/cast`}>
        <Trans>The cast</Trans>
      </BackLink>
      <h1 lang={known.data.novel.language}>{title}</h1>
      <p className="cast-voice">
        {at > 0 && before !== undefined && (
          <Link className="button small" href={`/novels/${id}/cast/${before}`}>
            <Trans>Chapter before</Trans>
          </Link>
        )}
        {at >= 0 && behind !== undefined && (
          <Link className="button small" href={`/novels/${id}/cast/${behind}`}>
            <Trans>Next chapter</Trans>
          </Link>
        )}
      </p>
      {lines.data.lines.length === 0 ? (
        <p className="soft">
          <Trans>Nobody speaks in this chapter, or it was changed since the book was read through.</Trans>
        </p>
      ) : (
        <LineList
          id={id}
          number={number}
          language={known.data.novel.language}
          texts={chapter.data.blocks.map(({ text }) => text)}
          version={lines.data.version}
          lines={lines.data.lines}
          names={cast.data.characters}
        />
      )}
    </div>
  )
}
