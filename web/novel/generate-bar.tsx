import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMayChange } from '../account/may-change.ts'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { KeepSelected } from '../offline/keep-controls.tsx'
import { OnlyWhatComesNext } from '../generation/only-what-comes-next.tsx'
import { PlanLine } from '../plan/plan-line.tsx'
import { MarkSelected } from '../listener/mark-selected.tsx'
import { Announced } from '../element/told.tsx'
import { selectWords } from './selection.ts'

interface GenerateBarProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  /** The chapters that a search has found, by their place in reading order; left out: nothing is searched for. */
  readonly found: readonly number[] | undefined
  readonly selected: ReadonlySet<number>
  readonly onSelected: (selected: ReadonlySet<number>) => void
}

/** What can be asked of the studio: everything, or the chapters that are ticked; and what else becomes of these. */
export function GenerateBar({ novel, chapters, found, selected, onSelected }: GenerateBarProps) {
  const client = useQueryClient()
  const mayChange = useMayChange(novel)
  const ask = useMutation({
    mutationFn: (numbers: readonly number[] | undefined) =>
      numbers
        ? api.generateBatch({ novelId: novel.id, chapterNumbers: numbers })
        : api.generateAll({ novelId: novel.id }),
    onSuccess: async () => {
      onSelected(new Set())
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.queue }),
        client.invalidateQueries({ queryKey: keys.novel(novel.id) }),
      ])
    },
  })
  const narrated = chapters.filter((chapter) => chapter.narrated)
  const done = narrated.every((chapter) => chapter.status === 'completed')
  const left = narrated.filter(({ status }) => !['completed', 'pending', 'running'].includes(status))
  const numbers = [...selected].toSorted((a, b) => a - b)
  const speakable = new Set(
    chapters.filter(({ segmentsTotal }) => segmentsTotal > 0).map(({ number }) => number),
  )
  // What a search has found is what “all” means then; else what is read out of the book.
  const offered = found
    ? found.filter((number) => speakable.has(number))
    : narrated.map(({ number }) => number)
  const ticked = offered.filter((number) => selected.has(number)).length
  const asked = ask.data?.data.chapterNumbers.length
  const askedWords =
    asked !== undefined && plural(asked, { one: '# chapter asked for.', other: '# chapters asked for.' })
  const select = (on: boolean): void => {
    const next = new Set(selected)
    for (const number of offered) {
      if (on) next.add(number)
      else next.delete(number)
    }
    onSelected(found || on ? next : new Set())
  }
  return (
    <div className="generate">
      <fieldset
        className="generate-bar"
        aria-label={mayChange ? t`Have chapters spoken` : t`Chapters that are selected`}
      >
        <label className="generate-every">
          <input
            type="checkbox"
            disabled={offered.length === 0 && selected.size === 0}
            checked={ticked > 0 && ticked === offered.length}
            ref={(box) => {
              if (box) box.indeterminate = selected.size > 0 && ticked < offered.length
            }}
            onChange={(event) => select(event.target.checked)}
          />
          <span>{selectWords(selected.size, found && offered.length)}</span>
        </label>
        {selected.size > 0 ? (
          <>
            <button type="button" className="button select-none" onClick={() => onSelected(new Set())}>
              <X size={18} aria-hidden="true" />{' '}
              <span>
                <Trans>Select none</Trans>
              </span>
            </button>
            <MarkSelected novelId={novel.id} chapters={chapters} numbers={numbers} />
            {mayChange && (
              <PushButton className="button main" idle={ask.isPending} onClick={() => ask.mutate(numbers)}>
                <Trans>
                  Speak <Plural value={selected.size} one="# chapter" other="# chapters" />
                </Trans>
              </PushButton>
            )}
            <KeepSelected
              novel={novel}
              chapters={chapters}
              numbers={numbers}
              onKept={() => onSelected(new Set())}
            />
          </>
        ) : left.length > 0 ? (
          mayChange && (
            <PushButton className="button main" idle={ask.isPending} onClick={() => ask.mutate(undefined)}>
              {left.length === narrated.length ? t`Speak the whole book` : t`Speak all the rest`}
            </PushButton>
          )
        ) : (
          <span className="figures">{done ? t`All of it is spoken.` : t`All of it is asked for.`}</span>
        )}
      </fieldset>
      {mayChange && (selected.size > 0 || left.length > 0) && (
        <PlanLine novel={novel} wish={selected.size > 0 ? { chapterNumbers: numbers } : {}} />
      )}
      {mayChange && <OnlyWhatComesNext novel={novel} />}
      {ask.isError && <Trouble error={ask.error} />}
      {ask.isSuccess && !done && (
        <p className="generate-note">
          {askedWords}{' '}
          <Link href={`/generations/${ask.data.progressId}`}>
            <Trans>Watch it being spoken</Trans>
          </Link>
        </p>
      )}
      <Announced words={askedWords} />
    </div>
  )
}
