import { api } from '../api.ts'
import type { WantedEntryBody } from '../../src/http/contract/lexicon-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useSample } from '../novel/use-sample.ts'
import { heardEntry } from './lexicon-queries.ts'

export type Hear = ReturnType<typeof useHear>

/** Words heard in the book's voice, one at a time; `key` is of the button. */
export function useHear({ id, voice, speed, language }: Novel) {
  const { state, hear, stop } = useSample(language)
  return {
    state,
    stop,
    canHear: voice !== null,
    /** As they are said by the voice itself. */
    text: (key: string, text: string): void =>
      void hear(key, {
        speak: (signal) => api.sample(voice ?? '', { speed, language, text: text.slice(0, 300) }, signal),
      }),
    /** In a sentence, said as an entry has it. */
    entry: (key: string, entry: WantedEntryBody, sentence?: string): void =>
      void hear(key, { speak: (signal) => heardEntry(id, entry, sentence, signal) }),
  }
}
