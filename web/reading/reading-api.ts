import type { SpokenWordsView } from '../../src/http/contract/novel-contract.ts'
import type { PronunciationView } from '../../src/http/contract/pronunciation-contract.ts'
import { get, query, soundAddress } from '../api.ts'
import type { Sound } from '../keys.ts'
import { base } from '../base.ts'
import type { FoundWords } from '../offline/kept-search.ts'

/** What reading along asks of the server. Each throws `AnswerError`. */
export const readingApi = {
  /** When words are heard, of the spoken ones among `limit` segments from `from` on. */
  words: (sound: Sound, from: number, limit: number) =>
    get<{ segments: SpokenWordsView[] }>(`${soundAddress(sound, 'words')}&${query({ from, limit })}`).then(
      (a) => a.segments,
    ),
  /** Where words stand in a novel: a page of the hits. */
  search: (novelId: string, q: string, offset: number, signal: AbortSignal) =>
    get<FoundWords>(`${base}/api/novels/${novelId}/search?${query({ q, offset, limit: 50 })}`, signal),
  /** How a word is said: IPA, empty if nobody knows. */
  phonemes: (word: string, language: string, signal: AbortSignal) =>
    get<PronunciationView>(`${base}/api/pronunciation?${query({ word, language })}`, signal).then(
      (a) => a.phonemes,
    ),
} as const
