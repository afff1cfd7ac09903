import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { counted } from '../element/time-words.ts'
import { keys } from '../keys.ts'

interface GenerateBarProps {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly selected: ReadonlySet<number>
  readonly onSelected: (selected: ReadonlySet<number>) => void
}

/** What can be asked of the studio: everything, or the chapters that are ticked. */
export function GenerateBar({ novel, chapters, selected, onSelected }: GenerateBarProps) {
  const client = useQueryClient()
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
  return (
    <div className="generate">
      <fieldset className="generate-bar" aria-label="Have chapters spoken">
        <label className="generate-every">
          <input
            type="checkbox"
            checked={selected.size > 0 && selected.size >= narrated.length}
            ref={(box) => {
              if (box) box.indeterminate = selected.size > 0 && selected.size < narrated.length
            }}
            onChange={(event) =>
              onSelected(new Set(event.target.checked ? narrated.map((chapter) => chapter.number) : []))
            }
          />
          <span>{selected.size > 0 ? `${selected.size.toLocaleString('en')} selected` : 'Select all'}</span>
        </label>
        {selected.size > 0 ? (
          <>
            <button type="button" className="button select-none" onClick={() => onSelected(new Set())}>
              <X size={18} aria-hidden="true" /> <span>Select none</span>
            </button>
            <PushButton className="button main" idle={ask.isPending} onClick={() => ask.mutate(numbers)}>
              Speak {counted(selected.size, 'chapter')}
            </PushButton>
          </>
        ) : left.length > 0 ? (
          <PushButton className="button main" idle={ask.isPending} onClick={() => ask.mutate(undefined)}>
            {left.length === narrated.length ? 'Speak the whole book' : `Speak all the rest`}
          </PushButton>
        ) : (
          <span className="figures">{done ? 'All of it is spoken.' : 'All of it is asked for.'}</span>
        )}
      </fieldset>
      {ask.isError && <Trouble error={ask.error} />}
      <output>
        {ask.isSuccess && !done && (
          <span className="generate-note">
            {ask.data.message} <Link href={`/generations/${ask.data.progressId}`}>Watch it being spoken</Link>
          </span>
        )}
      </output>
    </div>
  )
}
