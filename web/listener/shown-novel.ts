import type { QueryClient } from '@tanstack/react-query'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters, Shelf } from '../cached-answers.ts'

/** Changes a novel wherever it is shown, before the server tells it again. */
export function changeShownNovel(
  client: QueryClient,
  novelId: string,
  change: (novel: Novel) => Novel,
): void {
  client.setQueryData<NovelWithChapters>(
    keys.novel(novelId),
    (old) => old && { ...old, novel: change(old.novel) },
  )
  const changed = (novel: Novel): Novel => (novel.id === novelId ? change(novel) : novel)
  client.setQueryData<BegunNovel[]>(keys.begun, (old) =>
    old?.map((novel) => (novel.id === novelId ? { ...novel, ...change(novel) } : novel)),
  )
  client.setQueriesData<Shelf>(
    { queryKey: keys.novels },
    (old) => old && { ...old, pages: old.pages.map((page) => page.map(changed)) },
  )
}
