import type { QueryClient } from '@tanstack/react-query'
import type { Novel, StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters, Shelf } from '../queries.ts'
import { placesElsewhere } from './places-elsewhere.ts'

/** Shows wherever a novel is shown that the listener is at this place. */
export function showPosition(client: QueryClient, novelId: string, position: StoredPosition): void {
  const renew = (novel: Novel): Novel => (novel.id === novelId ? { ...novel, position } : novel)
  client.setQueryData<NovelWithChapters>(
    keys.novel(novelId),
    (old) => old && { ...old, novel: renew(old.novel) },
  )
  client.setQueriesData<Shelf>(
    { queryKey: keys.novels },
    (old) => old && { ...old, pages: old.pages.map((page) => page.map(renew)) },
  )
  placesElsewhere.note(novelId, position)
}
