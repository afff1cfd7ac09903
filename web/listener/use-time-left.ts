import { t } from '@lingui/core/macro'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { lengthWords } from '../element/time-words.ts'
import { usePlayerState } from '../player/player-context.ts'
import { leftOfBook } from '../player/time-left.ts'
import { useRate } from './use-rate.ts'

export interface HearingTime {
  readonly chapterNumber: number
  /** Seconds of listening, at the speed chosen. */
  readonly chapterSeconds: number
  readonly seconds: number
  /** Whether it is a guess, since some of it is not spoken yet. */
  readonly about: boolean
}

/** What is left to hear of a novel; `chapters`: where they are known, what plays is followed. */
export function useTimeLeft(novel: Novel, chapters?: readonly ChapterListed[]): HearingTime | undefined {
  const rate = useRate(novel)
  const number = usePlayerState((state) => (state.novel?.id === novel.id ? state.chapterNumber : undefined))
  const left = usePlayerState((state) => (state.novel?.id === novel.id ? Math.round(state.left / 5) * 5 : 0))
  const known = novel.left
  const plays = number !== undefined && chapters !== undefined && left > 0
  if (!plays)
    return (
      known && {
        chapterNumber: known.chapterNumber,
        chapterSeconds: known.chapterSeconds / rate,
        seconds: known.seconds / rate,
        about: known.about,
      }
    )
  return {
    chapterNumber: number,
    chapterSeconds: left / rate,
    seconds: leftOfBook(chapters, number, left, known?.pace) / rate,
    about: known?.about ?? false,
  }
}

/** `About 5 h 20 min left`. */
export function leftWords(seconds: number, about: boolean): string {
  const length = lengthWords(seconds)
  return about ? t`about ${length} left` : t`${length} left`
}
