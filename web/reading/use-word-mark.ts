import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import { soundKey } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import { SpokenWords } from './spoken-words.ts'
import { WordMark } from './word-mark.ts'
import './word-mark.css'

/** Marks the word that is heard in a chapter's text, as long as `heard`: the chapter is the one in the player.
 * `place`: where listening would begin. */
export function useWordMark(
  text: RefObject<HTMLElement | null>,
  novelId: string,
  { number, voice, speed, segments }: Pick<Chapter, 'number' | 'voice' | 'speed' | 'segments'>,
  heard: boolean,
  place: number | undefined,
): void {
  const player = usePlayer()
  const words = useMemo(
    () => new SpokenWords({ novelId, chapterNumber: number, voice: voice ?? '', speed }),
    [novelId, number, voice, speed],
  )
  const latest = useRef(segments)
  useEffect(() => {
    latest.current = segments
  }, [segments])

  // At the first sound its words are there.
  useEffect(() => {
    words.prepare(latest.current, place ?? 0)
  }, [words, place])

  useEffect(() => {
    if (!heard || !text.current) return undefined
    const here = soundKey(words.sound)
    const mark = new WordMark(text.current, (index) => {
      const segment = latest.current[index]
      return segment && words.of(segment)
    })
    let frame = 0
    let reached = -1
    const draw = (): void => {
      frame = 0
      const now = player.now()
      if (now && soundKey(now) === here) {
        mark.show(now.segment, now.seconds)
        if (now.segment !== reached) words.prepare(latest.current, now.segment + 1)
        reached = now.segment
      } else mark.hide()
      if (player.store.state.playing) next()
    }
    const next = (): void => {
      if (frame === 0) frame = requestAnimationFrame(draw)
    }
    next()
    // Also while it rests: a jump moves the mark.
    const unwatch = player.store.watch(next)
    return () => {
      unwatch()
      cancelAnimationFrame(frame)
      mark.hide()
    }
  }, [player, text, words, heard])
}
