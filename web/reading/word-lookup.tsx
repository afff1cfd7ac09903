import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Chapter, Novel } from '../../src/http/contract/novel-contract.ts'
import { useMayChange } from '../account/may-change.ts'
import { keys } from '../keys.ts'
import { SayDifferently } from '../lazy-pages/lazy-panels.ts'
import { draftOf, entryFor, entryOf } from '../lexicon/entry-draft.ts'
import { HearWord } from '../lexicon/hear-word.tsx'
import { useLexicon } from '../lexicon/lexicon-queries.ts'
import { saidWords } from '../lexicon/lexicon-words.ts'
import { useHear } from '../lexicon/use-hear.ts'
import { readingApi } from './reading-api.ts'
import type { SelectedWord } from './selected-word.ts'
import { useSelectedWord } from './use-selected-word.ts'
import { useWordKeys } from './use-word-keys.ts'
import { isKey } from '../element/is-key.ts'
import './word-lookup.css'

interface WordLookupProps {
  readonly text: RefObject<HTMLElement | null>
  readonly novel: Novel
  readonly chapter: Chapter
}

/** How a word is said that is selected in the text, and what lets it be said differently. */
export function WordLookup({ text, novel, chapter }: WordLookupProps) {
  const [selected, look] = useSelectedWord(text)
  // A dialog takes the selection away, and the card with it.
  const [changed, setChanged] = useState<SelectedWord>()
  // By the keyboard: the card takes the focus when it is there.
  const [entered, setEntered] = useState(false)
  useWordKeys(
    text,
    novel.language,
    useCallback(() => {
      setEntered(true)
      look()
    }, [look]),
  )
  useEffect(() => {
    if (!changed) return undefined
    const section = text.current
    // When the dialog is gone, which holds the focus until then.
    return () => void requestAnimationFrame(() => backToSentence(section, changed))
  }, [text, changed])
  return (
    <>
      {selected && (
        <WordCard
          key={selected.word}
          selected={selected}
          novel={novel}
          entered={entered}
          onEntered={() => setEntered(false)}
          onChange={() => setChanged(selected)}
          onLeave={() => backToSentence(text.current, selected)}
        />
      )}
      {changed && (
        <SayDifferently
          novel={novel}
          word={changed.word}
          sentence={sentenceOf(chapter, changed.segment)}
          onClose={() => setChanged(undefined)}
        />
      )}
    </>
  )
}

/** The keyboard goes on where the word stands. */
function backToSentence(text: HTMLElement | null, { segment }: SelectedWord): void {
  getSelection()?.empty()
  text?.querySelector<HTMLElement>(`[data-segment="${segment}"]`)?.focus({ preventScroll: true })
}

function sentenceOf({ segments, blocks }: Chapter, index: number | undefined): string | undefined {
  const segment = segments.find((each) => each.index === index)
  const block = blocks.find((each) => each.index === segment?.block)
  return segment && block?.text.slice(segment.start, segment.end)
}

interface WordCardProps extends Pick<WordLookupProps, 'novel'> {
  readonly selected: SelectedWord
  /** By the keyboard, which then goes on here. */
  readonly entered: boolean
  readonly onEntered: () => void
  readonly onChange: () => void
  readonly onLeave: () => void
}

function WordCard({ selected, novel, entered, onEntered, onChange, onLeave }: WordCardProps) {
  const { word, left, top, bottom } = selected
  const { language } = novel
  const mayChange = useMayChange(novel)
  const card = useRef<HTMLElement>(null)
  const hear = useHear(novel)
  const { data: lexicon } = useLexicon(novel.id)
  const entry = lexicon && entryFor(lexicon, word)?.entry
  const { data: phonemes } = useQuery({
    queryKey: keys.phonemes(word, language),
    queryFn: ({ signal }) => readingApi.phonemes(word, language, signal),
    staleTime: Infinity,
  })
  useEffect(() => {
    if (!entered) return
    card.current?.querySelector('button')?.focus({ preventScroll: true })
    onEntered()
  }, [entered, onEntered])
  const said = entry ? saidWords(entry) : phonemes && `/${phonemes}/`
  // Over the word, where there is no room below it.
  const below = bottom + 180 < innerHeight
  return (
    // Escape is for whoever came by the keyboard; to a pointer the rest of the page is what leads away.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={card}
      className="word-card"
      aria-label={t`How it is said`}
      style={{
        ['--word-at' as string]: `${left}px`,
        ...(below ? { top: `${bottom + 8}px` } : { bottom: `${innerHeight - top + 8}px` }),
      }}
      // The selection stays as it is.
      onMouseDown={(event) => event.preventDefault()}
      onKeyDown={(event) => isKey(event, 'Escape') && onLeave()}
    >
      <p>
        <strong lang={language} dir="auto">
          {word}
        </strong>
        {said && (
          <span className="word-phonemes" lang={entry?.words === undefined ? 'und-fonipa' : language}>
            {said}
          </span>
        )}
      </p>
      <p className="word-acts">
        <HearWord
          hear={hear}
          of={word}
          label={t`Hear it`}
          word={word}
          onHear={() => (entry ? hear.entry(word, entryOf(draftOf(entry)), word) : hear.text(word, word))}
        />
        {mayChange && (
          <button type="button" className="button small" onClick={onChange}>
            <Pencil size={14} aria-hidden="true" /> <Trans>Say it differently</Trans>
          </button>
        )}
      </p>
    </section>
  )
}
