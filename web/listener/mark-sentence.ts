import { t } from '@lingui/core/macro'
import type { QueryClient } from '@tanstack/react-query'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'
import { newId } from './device.ts'
import { listenerApi } from './listener-api.ts'

export interface Sentence {
  readonly novelId: string
  readonly chapterNumber: number
  readonly segment: number
}

/** Takes a bookmark back. */
export type TakeBack = () => Promise<unknown>

/** Puts a bookmark at a sentence. Returns how to take it back. Throws `AnswerError`. */
export async function setBookmark(client: QueryClient, sentence: Sentence): Promise<TakeBack> {
  const { novelId, ...place } = sentence
  const id = newId()
  const renew = () => client.invalidateQueries({ queryKey: keys.bookmarks })
  // A place that another device has marked has one bookmark, which is that one.
  const saved = (await listenerApi.saveBookmark(novelId, id, { ...place, note: '' })) as
    | { readonly bookmark?: { readonly id: string } }
    | undefined
  await renew()
  return () => listenerApi.deleteBookmark(novelId, saved?.bookmark?.id ?? id).then(renew)
}

/** The same, said at the foot of the page with a way back, or to try again. */
export async function markSentence(client: QueryClient, sentence: Sentence): Promise<void> {
  try {
    offerUndo({ words: t`The sentence is marked.`, undo: await setBookmark(client, sentence) })
  } catch {
    offerUndo({
      words: t`The bookmark could not be set just now.`,
      action: t`Try again`,
      undo: () => markSentence(client, sentence),
    })
  }
}
