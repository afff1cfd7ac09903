import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Volume2 } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import { readingApi } from './reading-api.ts'
import { type SelectedWord, selectedWord } from './selected-word.ts'
import './word-lookup.css'

/** Milliseconds without a change after which a selection stands. */
const settled = 300

interface WordLookupProps {
  readonly text: RefObject<HTMLElement | null>
  readonly language: string
  readonly voice: string | null
  readonly speed: number
}

/** How a word is said that is selected in the text, with the mouse, by the keyboard, or held with a finger. */
export function WordLookup({ text, ...rest }: WordLookupProps) {
  const selected = useSelectedWord(text)
  return selected && <WordCard key={selected.word} selected={selected} {...rest} />
}

interface WordCardProps extends Omit<WordLookupProps, 'text'> {
  readonly selected: SelectedWord
}

function WordCard({ selected: { word, left, bottom }, language, voice, speed }: WordCardProps) {
  const player = usePlayer()
  const { data: phonemes } = useQuery({
    queryKey: keys.phonemes(word, language),
    queryFn: ({ signal }) => readingApi.phonemes(word, language, signal),
    staleTime: Infinity,
  })
  const hear = useMutation({
    mutationFn: async () => {
      player.pause()
      const sample = await api.sample(
        voice ?? '',
        { text: word, speed, language },
        new AbortController().signal,
      )
      const address = URL.createObjectURL(sample)
      const audio = new Audio(address)
      audio.addEventListener('ended', () => URL.revokeObjectURL(address), { once: true })
      await audio.play()
    },
  })
  return (
    <section
      className="word-card"
      aria-label={t`How it is said`}
      style={{ left: `clamp(150px, ${left}px, calc(100vw - 150px))`, top: `${bottom + 8}px` }}
    >
      <p>
        <strong lang={language} dir="auto">
          {word}
        </strong>
        {phonemes !== undefined && phonemes !== '' && (
          <span className="word-phonemes" lang="und-fonipa">
            /{phonemes}/
          </span>
        )}
      </p>
      {voice !== null && (
        <PushButton
          className="button small"
          idle={hear.isPending}
          // The selection stays as it is.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => hear.mutate()}
        >
          <Volume2 size={16} aria-hidden="true" /> <Trans>Hear it</Trans>
        </PushButton>
      )}
      {hear.isError && <Trouble error={hear.error} />}
    </section>
  )
}

function useSelectedWord(text: RefObject<HTMLElement | null>): SelectedWord | undefined {
  const [selected, setSelected] = useState<SelectedWord>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => setSelected(selectedWord(text.current)), settled)
    }
    // It stands at a place of the screen, from which the words scroll away.
    const away = (): void => setSelected(undefined)
    document.addEventListener('selectionchange', look)
    addEventListener('scroll', away, { passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('selectionchange', look)
      removeEventListener('scroll', away)
    }
  }, [text])
  return selected
}
