import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { chapterAfter } from '../player/chapter-order.ts'
import { usePlayerState } from '../player/player-context.ts'
import { chapterQuery, useNovel } from '../queries.ts'

/** What stands in the history's state of a page that the voice turned: there the focus stays where it is. */
export const turnedByVoice = 'voice'

/**
 * Turns to the next chapter's page when the voice goes on to it, for a reader who follows. `inPlayer`: the chapter of
 * the novel that is in the player.
 */
export function useTurn(
  novelId: string,
  number: number,
  inPlayer: number | undefined,
  follows: boolean,
): void {
  const [, go] = useLocation()
  const client = useQueryClient()
  const chapters = useNovel(novelId).data?.chapters
  const before = useRef(inPlayer)
  useEffect(() => {
    const was = before.current
    before.current = inPlayer
    if (was !== number || inPlayer === undefined || inPlayer === number || !follows) return
    go(`/novels/${novelId}/chapters/${inPlayer}`, { replace: true, state: turnedByVoice })
  }, [novelId, number, inPlayer, follows, go])

  // The next page is there when it is turned to; what is wanted first is sound.
  const sounds = usePlayerState(({ phase }) => phase === 'playing')
  const next = sounds && inPlayer === number && chapters ? chapterAfter(chapters, number)?.number : undefined
  useEffect(() => {
    if (next !== undefined) void client.prefetchQuery(chapterQuery(novelId, next))
  }, [client, novelId, next])
}
