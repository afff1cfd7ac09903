import type { QueryClient } from '@tanstack/react-query'
import type { Novel, Position } from '../../src/http/contract/novel-contract.ts'
import { api } from '../api.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters, Shelf } from '../queries.ts'

const saveEvery = 5000
/** The server forgets a listener who says nothing for ten minutes; who presses play again is one, though nothing moved. */
const repeatAfter = 5 * 60_000

/** Tells the server where the listener is: every few seconds while it plays, and at once when it stops. */
export class PositionKeeper {
  readonly #client: QueryClient
  #saved = 0
  #last = ''

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** `now`: not later, since the page may be gone then. A place that cannot be saved is saved with the next. */
  save(novelId: string, position: Position, now: boolean): void {
    const words = JSON.stringify([novelId, position])
    const age = Date.now() - this.#saved
    if ((words === this.#last && age < repeatAfter) || (!now && age < saveEvery)) return
    this.#saved = Date.now()
    this.#last = words
    api.savePosition(novelId, position).catch(() => {
      this.#last = ''
    })
    const stored = { ...position, updatedAt: new Date().toISOString() }
    const renew = (novel: Novel): Novel => (novel.id === novelId ? { ...novel, position: stored } : novel)
    this.#client.setQueryData<NovelWithChapters>(
      keys.novel(novelId),
      (old) => old && { ...old, novel: renew(old.novel) },
    )
    this.#client.setQueriesData<Shelf>(
      { queryKey: keys.novels },
      (old) => old && { ...old, pages: old.pages.map((page) => page.map(renew)) },
    )
  }
}
