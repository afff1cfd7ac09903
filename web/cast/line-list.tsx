/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/no-noninteractive-tabindex, jsx-a11y/click-events-have-key-events --
   A listbox by the pattern of the ARIA Authoring Practices, whose options hold more than words. The keys are the list's. */
import { plural, t } from '@lingui/core/macro'
import { type KeyboardEvent, useMemo, useState } from 'react'
import type { CastLine } from '../../src/http/contract/cast-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { useCorrection } from './cast-queries.ts'
import { LinesForm } from './lines-form.tsx'

interface LineListProps {
  readonly id: string
  readonly number: number
  readonly language: string
  readonly texts: readonly string[]
  readonly version: number
  readonly lines: readonly CastLine[]
  readonly names: readonly { readonly role: number; readonly name: string }[]
}

/** Chosen with the arrow keys, several with Shift, and given away with the keys 0 to 9. */
export function LineList({ id, number, language, texts, version, lines, names }: LineListProps) {
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
            data-guess={basis === 'turn' || basis === 'pronoun' || basis === 'model' || undefined}
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
    case 'model':
      return t`proposed by the language model`
    case 'corrected':
      return t`given here`
    default:
      return ''
  }
}
