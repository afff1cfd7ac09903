import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { chapterPlace, chapterNumbers } from '../element/chapter-names.ts'
import { Trouble } from '../element/page-state.tsx'
import { keys } from '../keys.ts'
import type { FoundWords } from '../offline/kept-search.ts'
import { usePlayer } from '../player/player-context.ts'
import { useNovel } from '../queries.ts'
import { readingApi } from './reading-api.ts'
import { SearchHits } from './search-hits.tsx'
import { Told } from '../element/told.tsx'
import './search-panel.css'

/** Milliseconds without a key after which is searched. */
const settled = 150

interface SearchPanelProps {
  readonly novel: Novel
  readonly words: string
  readonly onWords: (words: string) => void
  readonly onDone: () => void
}

/**
 * Finds words in a novel. The arrows go through the hits while the focus stays where one types; Enter, or a press, goes
 * to the sentence and plays from there.
 */
export function SearchPanel({ novel, words, onWords, onDone }: SearchPanelProps) {
  const player = usePlayer()
  const [, go] = useLocation()
  const field = useRef<HTMLInputElement>(null)
  const sought = useSettled(words.trim())
  const found = useInfiniteQuery({
    queryKey: keys.found(novel.id, sought),
    queryFn: ({ pageParam, signal }) => readingApi.search(novel.id, sought, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (_: FoundWords, pages: FoundWords[]) => {
      const so = pages.reduce((sum, { hits }) => sum + hits.length, 0)
      return so < (pages[0]?.count ?? 0) ? so : undefined
    },
    enabled: sought !== '',
    staleTime: 60_000,
    placeholderData: (before) => before,
  })
  const chapters = useNovel(novel.id).data?.chapters
  const numbers = useMemo(() => chapterNumbers(chapters ?? []), [chapters])
  const hits = useMemo(
    () => (sought === '' ? [] : (found.data?.pages.flatMap((page) => page.hits) ?? [])),
    [found.data, sought],
  )
  const { count = 0, keptOnly } = found.data?.pages[0] ?? {}
  const [reached, setReached] = useState({ of: sought, at: 0 })
  const at = reached.of === sought ? reached.at : 0
  useEffect(() => field.current?.select(), [])

  function open(index: number): void {
    const hit = hits[index]
    if (!hit) return
    setReached({ of: sought, at: index })
    // Within the press, so that the browser lets it sound.
    if (hit.segment !== null) void player.play(novel, hit.chapterNumber, { segment: hit.segment })
    go(`/novels/${novel.id}/chapters/${hit.chapterNumber}`)
    onDone()
  }

  function onKeyDown(event: KeyboardEvent): void {
    // An input method's own: it takes a word by Enter, and chooses it by the arrows.
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (event.key === 'Enter') open(at)
    else if (step === undefined) return
    else {
      const next = Math.max(0, Math.min(hits.length - 1, at + step))
      setReached({ of: sought, at: next })
      if (next >= hits.length - 10 && found.hasNextPage && !found.isFetching) void found.fetchNextPage()
    }
    event.preventDefault()
  }

  const answered = sought !== '' && found.isSuccess
  const nothing = sought !== '' && found.isSuccess && !found.isPlaceholderData && count === 0
  return (
    <>
      <div className="search-field">
        <Search size={18} aria-hidden="true" />
        <input
          ref={field}
          type="text"
          role="combobox"
          // The room is opened to type in it.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          aria-label={t`Words in the book`}
          aria-autocomplete="list"
          aria-expanded={hits.length > 0}
          aria-controls="search-hits"
          aria-activedescendant={hits.length > 0 ? `search-hit-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={200}
          lang={novel.language}
          dir="auto"
          value={words}
          onChange={(event) => onWords(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="icon-button" aria-label={t`Close the search`} onClick={onDone}>
          <X size={18} aria-hidden="true" />
        </button>
      </div>
      <p className="figures search-count">
        <Told words={answered && !found.isPlaceholderData && countWords(count, keptOnly)} />
        {answered && keptOnly !== undefined && (
          <span className="search-kept">
            <Plural
              value={keptOnly}
              _0="Nightjar does not answer, and no chapter of this book is kept on this device."
              one="Nightjar does not answer: only the chapter that is kept on this device was searched."
              other="Nightjar does not answer: only the # chapters that are kept on this device were searched."
            />
          </span>
        )}
      </p>
      {found.isError && <Trouble error={found.error} onRetry={() => void found.refetch()} />}
      {sought === '' || nothing ? (
        <p className="soft search-help">
          {nothing ? (
            <Trans>Try fewer letters: a part of a word is enough.</Trans>
          ) : (
            <Trans>
              Capitals and accents make no difference. The arrow keys choose, Enter plays from there.
            </Trans>
          )}
        </p>
      ) : (
        <SearchHits
          hits={hits}
          reached={at}
          language={novel.language}
          nameOf={(number) => chapterPlace(chapters?.[number - 1], numbers)}
          onOpen={open}
          more={found.hasNextPage}
          onMore={() => void (found.isFetching || found.fetchNextPage())}
        />
      )}
    </>
  )
}

/** A text as it stands when nobody has typed for a moment. */
function useSettled(text: string): string {
  const [now, setNow] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setNow(text), text === '' ? 0 : settled)
    return () => clearTimeout(timer)
  }, [text])
  return now
}

function countWords(count: number, keptOnly: number | undefined): string {
  if (count > 0) return plural(count, { one: '# place', other: '# places' })
  return keptOnly === undefined
    ? t`Nothing of the kind stands in this book.`
    : t`Nothing of the kind stands in what is kept here.`
}
