import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleMinus, CirclePlus, Download, Pause, Play } from 'lucide-react'
import { memo, useMemo } from 'react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract.ts'
import { addresses, api } from '../api.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { ticksOfCount } from '../element/ribbon-model.ts'
import { chapterWords, ribbonWords } from '../element/status-words.ts'
import { keys, soundKey } from '../keys.ts'
import { useMarks } from '../live/live.tsx'
import { hasSound } from '../player/chapter-order.ts'
import { useHeard, usePlayer } from '../player/player-context.ts'
import type { NovelWithChapters } from '../queries.ts'

interface ChapterRowProps {
  readonly novel: Novel
  readonly chapter: ChapterListed
  readonly selected: boolean
  readonly onSelect: (number: number, on: boolean, range: boolean) => void
  readonly height: number
  readonly transform: string
  readonly count: number
}

export const ChapterRow = memo(function ChapterRow(props: ChapterRowProps) {
  const { novel, chapter, selected, onSelect, height, transform, count } = props
  const { number, title } = chapter
  const player = usePlayer()
  const heard = useHeard(novel.id, number)
  const marks = useMarks(
    soundKey({ novelId: novel.id, chapterNumber: number, voice: novel.voice ?? '', speed: novel.speed }),
  )
  const { segmentsTotal, segmentsDone, status } = chapter
  const ticks = useMemo(
    () => ticksOfCount(segmentsTotal, segmentsDone, marks, status === 'failed'),
    [segmentsTotal, segmentsDone, marks, status],
  )
  return (
    <li
      aria-setsize={count}
      aria-posinset={number}
      className="chapter-row"
      data-narrated={chapter.narrated}
      data-heard={heard}
      style={{ height, transform }}
    >
      <label className="chapter-select figures">
        <input
          type="checkbox"
          checked={selected}
          disabled={segmentsTotal === 0}
          aria-label={`Select chapter ${number}, ${title}`}
          onChange={(event) =>
            onSelect(number, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)
          }
        />
        <span aria-hidden="true">{number}</span>
      </label>
      <Link
        href={`/novels/${novel.id}/chapters/${number}`}
        className="chapter-title plain"
        lang={novel.language}
      >
        {title || `Chapter ${number}`}
      </Link>
      <div className="chapter-ribbon">
        <Ribbon ticks={ticks} height={12} slot={4} label={ribbonWords(segmentsDone, segmentsTotal)} />
      </div>
      <span className="chapter-state figures" data-status={status}>
        {chapterWords(chapter)}
      </span>
      <span className="chapter-actions">
        <NarrateButton novelId={novel.id} chapter={chapter} />
        {status === 'completed' && (
          <a
            className="icon-button"
            href={addresses.download(novel.id, number)}
            download
            aria-label={`Download chapter ${number}`}
          >
            <Download size={18} aria-hidden="true" />
          </a>
        )}
        {hasSound(chapter) && (
          <button
            type="button"
            className="icon-button chapter-play"
            aria-label={`${heard === 'playing' ? 'Pause' : 'Play'} chapter ${number}`}
            onClick={() => (heard === 'playing' ? player.pause() : void player.play(novel, number))}
          >
            {heard === 'playing' ? (
              <Pause size={18} aria-hidden="true" />
            ) : (
              <Play size={18} aria-hidden="true" />
            )}
          </button>
        )}
      </span>
    </li>
  )
})

/** Takes a chapter into the narration or leaves it out. */
function NarrateButton({ novelId, chapter }: { readonly novelId: string; readonly chapter: ChapterListed }) {
  const client = useQueryClient()
  const { number, narrated } = chapter
  const toggle = useMutation({
    mutationFn: (wanted: boolean) => api.narrate(novelId, number, wanted),
    onMutate: (wanted) => setNarrated(wanted),
    onError: (_, wanted) => setNarrated(!wanted),
    onSettled: () => client.invalidateQueries({ queryKey: keys.novel(novelId) }),
  })
  function setNarrated(wanted: boolean): void {
    client.setQueryData<NovelWithChapters>(keys.novel(novelId), (old) => {
      if (!old) return old
      const chapters = old.chapters.map((each) =>
        each.number === number ? { ...each, narrated: wanted } : each,
      )
      return { ...old, chapters }
    })
  }
  const words = narrated ? 'Leave out of the narration' : 'Take into the narration'
  return (
    <button
      type="button"
      className="icon-button chapter-narrate"
      aria-label={`${words}: chapter ${number}`}
      title={toggle.isError ? toggle.error.message : words}
      onClick={() => toggle.mutate(!narrated)}
    >
      {narrated ? <CircleMinus size={18} aria-hidden="true" /> : <CirclePlus size={18} aria-hidden="true" />}
    </button>
  )
}
