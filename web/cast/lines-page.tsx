import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { type KeyboardEvent, useMemo, useState } from 'react'
import { Link } from 'wouter'
import type { CastLine } from '../../src/http/contract/cast-contract.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useChapter, useNovel } from '../queries.ts'
import { useCast, useCastLines, useCorrection } from './cast-queries.ts'
import { LinesForm } from './lines-form.tsx'
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
  if (error && !lines.data) return <Trouble error={error} onRetry={() => void lines.refetch()} />
  if (!known.data || !chapter.data || !cast.data || !lines.data)
    return <Loading words={t`Looking who speaks…`} />
  const numbers = known.data.chapters.filter(({ narrated }) => narrated).map((one) => one.number)
  const at = numbers.indexOf(number)
  const [before, behind] = [numbers[at - 1], numbers[at + 1]]
  return (
    <div className="cast">
      <p className="review-back">
        <Link href={`/novels/${id}/cast`}>
          <Trans>The cast</Trans>
        </Link>
      </p>
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
        <Lines
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

interface LinesProps extends LinesPageProps {
  readonly language: string
  readonly texts: readonly string[]
  readonly version: number
  readonly lines: readonly CastLine[]
  readonly names: readonly { readonly role: number; readonly name: string }[]
}

/** Chosen with the arrow keys, several with Shift, and given away with the keys 0 to 9. */
function Lines({ id, number, language, texts, version, lines, names }: LinesProps) {
  const correction = useCorrection(id, number)
  const [[from, to], choose] = useState<readonly [number, number]>([0, 0])
  const [first, last] = [Math.min(from, to), Math.max(from, to)]
  const roles = useMemo(() => rolesByLines(lines, names), [lines, names])
  function give(role: number | null): void {
    if (!correction.isPending) correction.mutate({ version, lines: lines.slice(first, last + 1), role })
  }
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -lines.length, End: lines.length }[event.key]
    if (step !== undefined) {
      const next = Math.max(0, Math.min(lines.length - 1, to + step))
      choose([event.shiftKey ? from : next, next])
    } else if (event.key === '0') give(0)
    else if (/^[1-9]$/.test(event.key)) {
      const role = roles[Number(event.key) - 1]?.role
      if (role === undefined) return
      give(role)
    } else if (event.key === 'Delete' || event.key === 'Backspace') give(null)
    else return
    event.preventDefault()
  }
  const nameOf = (role: number): string => {
    if (role === 0) return t`the narrator`
    return names.find((one) => one.role === role)?.name ?? t`open`
  }
  return (
    <>
      <LinesForm
        roles={roles}
        all={names}
        count={last - first + 1}
        busy={correction.isPending}
        onGive={give}
      />
      {correction.isError && <Trouble error={correction.error} />}
      <ul
        className="cast-lines"
        role="listbox"
        aria-multiselectable="true"
        aria-label={plural(lines.length, { one: '# line', other: '# lines' })}
        tabIndex={0}
        aria-activedescendant={`line-${to}`}
        onKeyDown={press}
        lang={language}
      >
        {lines.map(({ block, start, end, kind, role, basis }, at) => (
          <li
            key={`${block}/${start}`}
            id={`line-${at}`}
            role="option"
            aria-selected={at >= first && at <= last}
            data-open={role === 1 || undefined}
            data-guess={basis === 'turn' || basis === 'pronoun' || undefined}
            ref={(row) => {
              if (at === to && document.activeElement?.contains(row))
                row?.scrollIntoView({ block: 'nearest' })
            }}
            onClick={(event) => choose([event.shiftKey ? from : at, at])}
          >
            <b>{kind === 'thought' && role === 0 ? t`the narrator (thought)` : nameOf(role)}</b>
            <span className="soft">{basisWords(basis)}</span>
            <q>{texts[block]?.slice(start, end)}</q>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Those who speak in the chapter first, the most lines first; then the others of the book. */
function rolesByLines<Named extends { readonly role: number }>(
  lines: readonly CastLine[],
  names: readonly Named[],
): readonly Named[] {
  const counts = new Map<number, number>()
  for (const { role } of lines) counts.set(role, (counts.get(role) ?? 0) + 1)
  return names.toSorted((one, other) => (counts.get(other.role) ?? 0) - (counts.get(one.role) ?? 0))
}

/** Why a line is somebody's. */
function basisWords(basis: CastLine['basis']): string {
  switch (basis) {
    case 'said':
      return t`told by name`
    case 'pronoun':
      return t`told by a pronoun`
    case 'continued':
      return t`goes on in the paragraph`
    case 'turn':
      return t`supposed: the two take turns`
    case 'corrected':
      return t`given here`
    default:
      return ''
  }
}
