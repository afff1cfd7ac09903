import { t } from '@lingui/core/macro'
import { shortNameOf } from '../element/chapter-names.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleMinus, CirclePlus, Download, MapPin } from 'lucide-react'
import { memo, useMemo } from 'react'
import { Link } from 'wouter'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMayChange } from '../account/may-change.ts'
import { addresses, api } from '../api.ts'
import { Ribbon } from '../element/ribbon.tsx'
import { heardFrom, ticksOfCount } from '../element/ribbon-model.ts'
import { chapterWords, heardWords, isSpeaking, ribbonWords } from '../element/status-words.ts'
import { keys, soundKey } from '../keys.ts'
import { MarkButton } from '../listener/mark-button.tsx'
import { changeKnown } from '../live/known.ts'
import { useMarks } from '../live/live.tsx'
import { KeptSign } from '../offline/keep-controls.tsx'
import { canBeHeard } from '../player/chapter-order.ts'
import { ListenButton } from '../player/listen-button.tsx'
import { useHeard } from '../player/player-context.ts'
import type { NovelWithChapters } from '../cached-answers.ts'

interface ChapterRowProps {
  readonly novel: Novel
  readonly chapter: ChapterListed
  /** The number by which it is called, if it has one. */
  readonly shown: number | undefined
  readonly selected: boolean
  /** Whether the listener stopped here. */
  readonly isPlace: boolean
  readonly onSelect: (number: number, on: boolean, range: boolean) => void
  readonly height: number
  readonly transform: string
  readonly count: number
}

export const ChapterRow = memo(function ChapterRow(props: ChapterRowProps) {
  const { novel, chapter, shown, selected, isPlace, onSelect, height, transform, count } = props
  const mayChange = useMayChange(novel)
  const { number, title } = chapter
  const name = shortNameOf(title, shown)
  const heard = useHeard(novel.id, number)
  const marks = useMarks(
    soundKey({ novelId: novel.id, chapterNumber: number, voice: novel.voice ?? '', speed: novel.speed }),
  )
  const { segmentsTotal, segmentsDone, segmentsHeard, status } = chapter
  const ticks = useMemo(
    () => heardFrom(ticksOfCount(segmentsTotal, segmentsDone, marks, status === 'failed'), segmentsHeard),
    [segmentsTotal, segmentsDone, segmentsHeard, marks, status],
  )
  const { finished = false } = chapter
  const listened = heardWords(segmentsHeard, segmentsTotal, finished)
  return (
    <li
      aria-setsize={count}
      aria-posinset={number}
      className="chapter-row"
      data-number={number}
      data-narrated={chapter.narrated}
      data-heard={heard}
      data-listened={finished || undefined}
      style={{ height, transform }}
    >
      <label className="chapter-select figures">
        <input
          type="checkbox"
          checked={selected}
          disabled={segmentsTotal === 0}
          aria-label={shown === undefined ? t`Select ${name}` : t`Select ${name}, ${title}`}
          onChange={(event) =>
            onSelect(number, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)
          }
        />
        <span aria-hidden="true">{shown}</span>
      </label>
      <span className="chapter-title">
        {isPlace && (
          <span className="chapter-place">
            <MapPin size={16} aria-hidden="true" />
            <span className="unseen">{t`Your place:`} </span>
          </span>
        )}
        <Link
          href={`/novels/${novel.id}/chapters/${number}`}
          className="plain"
          lang={novel.language}
          dir="auto"
        >
          {title || (shown === undefined ? t`Without a title` : t`Chapter ${shown}`)}
        </Link>
        <KeptSign novelId={novel.id} number={number} />
      </span>
      <div className="chapter-ribbon">
        <Ribbon ticks={ticks} height={12} slot={4} label={ribbonWords(segmentsDone, segmentsTotal)} />
      </div>
      <span className="chapter-state figures" data-status={status}>
        <span>{chapterWords(chapter, isSpeaking(marks))}</span>
        {listened && <span className="chapter-listened">{listened}</span>}
      </span>
      <span className="chapter-actions">
        {segmentsTotal > 0 && (
          <MarkButton
            className="chapter-mark"
            novelId={novel.id}
            numbers={[number]}
            finished={finished}
            name={name}
          />
        )}
        {mayChange && <NarrateButton novelId={novel.id} chapter={chapter} name={name} />}
        {status === 'completed' && (
          <a
            className="icon-button"
            href={addresses.download(novel.id, number)}
            download
            aria-label={t`Download ${name}`}
          >
            <Download size={18} aria-hidden="true" />
          </a>
        )}
      </span>
      <span className="chapter-play">
        {canBeHeard(chapter, mayChange) && (
          <ListenButton
            sign
            novel={novel}
            chapterNumber={number}
            words={t`Play ${name}`}
            pauseWords={t`Pause ${name}`}
          />
        )}
      </span>
    </li>
  )
})

interface NarrateButtonProps {
  readonly novelId: string
  readonly chapter: ChapterListed
  /** What it is called. */
  readonly name: string
}

/** Takes a chapter into the narration or leaves it out. */
function NarrateButton({ novelId, chapter, name }: NarrateButtonProps) {
  const client = useQueryClient()
  const { number, narrated } = chapter
  const toggle = useMutation({
    mutationFn: (wanted: boolean) => api.narrate(novelId, number, wanted),
    onMutate: (wanted) => setNarrated(wanted),
    onError: (_, wanted) => setNarrated(!wanted),
    onSettled: () => client.invalidateQueries({ queryKey: keys.novel(novelId) }),
  })
  function setNarrated(wanted: boolean): void {
    changeKnown<NovelWithChapters>(client, keys.novel(novelId), (known) => ({
      ...known,
      chapters: known.chapters.map((each) => (each.number === number ? { ...each, narrated: wanted } : each)),
    }))
  }
  const words = narrated ? t`Leave out of the narration` : t`Take into the narration`
  return (
    <button
      type="button"
      className="icon-button chapter-narrate"
      aria-label={`${words}: ${name}`}
      title={toggle.isError ? toggle.error.message : words}
      onClick={() => toggle.mutate(!narrated)}
    >
      {narrated ? <CircleMinus size={18} aria-hidden="true" /> : <CirclePlus size={18} aria-hidden="true" />}
    </button>
  )
}
