import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import type { ChapterSound } from './chapter-sound.ts'
import type { PlayerState } from './player-state.ts'
import { catchUp } from './speaking-pace.ts'
import { waitingWords } from './waiting-words.ts'

/** What the figures depend on besides the chapter. */
interface Circumstances {
  readonly state: Pick<PlayerState, 'phase' | 'refused' | 'settings'>
  readonly status: ChapterListed['status'] | undefined
  readonly connected: boolean
  /** Seconds of sound that are spoken in a second. */
  readonly speaking: number | undefined
}

/** The figures that move while a chapter plays, and the words that say why it waits. */
export function playbackFigures(
  chapter: ChapterSound,
  { state, status, connected, speaking }: Circumstances,
): Partial<PlayerState> {
  const { segments, complete } = chapter.timeline
  const { ready, later, unspoken } = chapter.rest
  const { phase, refused, settings } = state
  const waits = phase === 'waiting' ? waitingWords(status, connected, refused) : undefined
  return {
    ...chapter.head(),
    segments,
    complete,
    time: chapter.output.time,
    length: chapter.end,
    about: chapter.about,
    left: ready + later,
    catchUp: catchUp({ ready, unspoken, speaking, rate: settings.rate }),
    ...(waits && { words: waits.words, offer: waits.ask ? chapter.sound.chapterNumber : undefined }),
  }
}
