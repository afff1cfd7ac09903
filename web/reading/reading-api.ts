import type { SpokenWordsView } from '../../src/http/contract/novel-contract.ts'
import { get, query, type Sound, soundAddress } from '../api.ts'

/** What reading along asks of the server. Each throws `AnswerError`. */
export const readingApi = {
  /** When words are heard, of the spoken ones among `limit` segments from `from` on. */
  words: (sound: Sound, from: number, limit: number) =>
    get<{ segments: SpokenWordsView[] }>(`${soundAddress(sound, 'words')}&${query({ from, limit })}`).then(
      (a) => a.segments,
    ),
} as const
