import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { usePlayer } from '../player/player-context.ts'
import { singleKeys } from '../player/single-keys.ts'
import { markSentence, type Sentence } from './mark-sentence.ts'

/** `b` marks the sentence that has the focus, else the one that is heard. */
export function useBookmarkKey(): void {
  const player = usePlayer()
  const client = useQueryClient()
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
      const target = event.target as Element
      if (
        event.key.toLowerCase() !== 'b' ||
        !singleKeys.allowed ||
        target.closest('input, textarea, select, [role=menu], [role=dialog]:not(.player-dialog)')
      )
        return
      const place = focusedSentence(target) ?? heardSentence()
      if (!place) return
      event.preventDefault()
      void markSentence(client, place)
    }
    function heardSentence(): Sentence | undefined {
      const { novel, chapterNumber, segment } = player.store.state
      return novel && chapterNumber !== undefined ? { novelId: novel.id, chapterNumber, segment } : undefined
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [player, client])
}

function focusedSentence(target: Element): Sentence | undefined {
  const segment = target.closest<HTMLElement>('[data-segment]')?.dataset['segment']
  const [, novelId, number] = /\/novels\/([^/]+)\/chapters\/(\d+)$/.exec(location.pathname) ?? []
  if (segment === undefined || novelId === undefined) return undefined
  return { novelId, chapterNumber: Number(number), segment: Number(segment) }
}
