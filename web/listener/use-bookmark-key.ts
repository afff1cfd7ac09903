import { t } from '@lingui/core/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'
import { usePlayer } from '../player/player-context.ts'
import { newId } from './device.ts'
import { listenerApi } from './listener-api.ts'

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
        target.closest('input, textarea, select, [role=menu], [role=dialog]')
      )
        return
      const place = focusedSentence(target) ?? heardSentence()
      if (!place) return
      event.preventDefault()
      void mark(place)
    }
    function heardSentence(): Sentence | undefined {
      const { novel, chapterNumber, segment } = player.store.state
      return novel && chapterNumber !== undefined ? { novelId: novel.id, chapterNumber, segment } : undefined
    }
    async function mark({ novelId, ...place }: Sentence): Promise<void> {
      const id = newId()
      const renew = () => client.invalidateQueries({ queryKey: keys.bookmarks })
      try {
        await listenerApi.saveBookmark(novelId, id, { ...place, note: '' })
      } catch {
        offerUndo({
          words: t`The bookmark could not be set just now.`,
          undo: () => mark({ novelId, ...place }),
        })
        return
      }
      await renew()
      const undo = () => listenerApi.deleteBookmark(novelId, id).then(renew)
      offerUndo({ words: t`The sentence is marked.`, undo })
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [player, client])
}

interface Sentence {
  readonly novelId: string
  readonly chapterNumber: number
  readonly segment: number
}

function focusedSentence(target: Element): Sentence | undefined {
  const segment = target.closest<HTMLElement>('[data-segment]')?.dataset['segment']
  const [, novelId, number] = /\/novels\/([^/]+)\/chapters\/(\d+)$/.exec(location.pathname) ?? []
  if (segment === undefined || novelId === undefined) return undefined
  return { novelId, chapterNumber: Number(number), segment: Number(segment) }
}
