import type { QueryClient } from '@tanstack/react-query'
import type { BegunNovel } from '../../src/http/contract/begun-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters, Shelf } from '../cached-answers.ts'
import { type ChangeOptions, changeKnown } from '../live/known.ts'

/** Changes a novel wherever it is shown, before the server tells it again. */
export function changeShownNovel(
  client: QueryClient,
  novelId: string,
  change: (novel: Novel) => Novel,
): void {
  changeKnown<NovelWithChapters>(client, keys.novel(novelId), (known) => ({
    ...known,
    novel: change(known.novel),
  }))
  changeListedNovel(client, novelId, change)
}

/** The same where it is one of several. */
export function changeListedNovel(
  client: QueryClient,
  novelId: string,
  change: (novel: Novel) => Novel,
  options?: ChangeOptions,
): void {
  const changed = (novel: Novel): Novel => (novel.id === novelId ? change(novel) : novel)
  const begun = (known: readonly BegunNovel[]) =>
    known.map((novel) => (novel.id === novelId ? { ...novel, ...change(novel) } : novel))
  changeKnown(client, keys.begun, begun, options)
  changeKnown<Shelf>(
    client,
    keys.novels,
    (known) => ({ ...known, pages: known.pages.map((page) => page.map(changed)) }),
    options,
  )
}
