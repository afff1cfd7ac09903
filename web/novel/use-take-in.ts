import { t } from '@lingui/core/macro'
import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query'
import type { Chapter, Novel } from '../../src/http/contract/novel-contract.ts'
import { api } from '../api.ts'
import { keys } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import type { LeftOut } from './left-out-places.ts'

export type TakeIn = UseMutationResult<Chapter, Error, LeftOut>

/**
 * Has a text that was left out read aloud with its chapter from now on. `onTaken` is given its first segment, and how
 * many the chapter has with it.
 */
export function useTakeIn(
  novel: Novel,
  chapter: Chapter,
  onTaken: (segment: number, of: number) => void,
): TakeIn {
  const client = useQueryClient()
  const player = usePlayer()
  const { number } = chapter
  const key = keys.chapter(novel.id, number)

  /** The sentences behind the text have other numbers now, and the player knows them by the old ones. */
  function tellPlayer(first: number, added: number): void {
    const { novel: heard, chapterNumber, playing, segment } = player.store.state
    if (heard?.id !== novel.id || chapterNumber !== number) return
    player.close()
    if (playing) void player.play(heard, number, { segment: segment < first ? segment : segment + added })
  }

  return useMutation({
    mutationFn: async ({ index }: LeftOut) => {
      // The server counts them: if one was taken in elsewhere, the same number is another text.
      const now = await api.chapter(novel.id, number)
      if (JSON.stringify(now.skips) === JSON.stringify(chapter.skips))
        return api.takeIn(novel.id, number, index)
      client.setQueryData(key, now)
      throw new Error(t`This chapter was changed elsewhere. Here it is as it is now; press again.`)
    },
    onSuccess: async (now, { before }) => {
      // An answer on its way would still be of the chapter as it was.
      await client.cancelQueries({ queryKey: key })
      const first = now.segments.findIndex(({ block }) => block >= before)
      tellPlayer(first, now.segments.length - chapter.segments.length)
      onTaken(first, now.segments.length)
      client.setQueryData(key, now)
      void client.invalidateQueries({ queryKey: keys.novel(novel.id) })
    },
  })
}
