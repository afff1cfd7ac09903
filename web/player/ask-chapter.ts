import type { QueryClient } from '@tanstack/react-query'
import { api } from '../api.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters } from '../queries.ts'
import { chapterAfter, isToBeAskedFor } from './chapter-order.ts'

/** Before whatever is made for later; what is under the play head comes before all else by itself. */
const listenerPriority = 20

/** Has a chapter spoken that somebody wants to hear now. */
export async function askChapter(client: QueryClient, novelId: string, chapterNumber: number): Promise<void> {
  await api.generateChapter({ novelId, chapterNumber, priority: listenerPriority })
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.novel(novelId) }),
    client.invalidateQueries({ queryKey: keys.chapter(novelId, chapterNumber) }),
    client.invalidateQueries({ queryKey: keys.queue }),
  ])
}

/** Has the chapter after the one that is heard asked for in time, so that no silence comes between them. */
export class AskAhead {
  readonly #client: QueryClient
  #asked = ''

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** Asks once for what follows a chapter. What fails is asked for again, and told, when its turn comes. */
  next(novelId: string, chapterNumber: number): void {
    const here = `${novelId}/${chapterNumber}`
    if (this.#asked === here) return
    this.#asked = here
    const known = this.#client.getQueryData<NovelWithChapters>(keys.novel(novelId))
    const next = chapterAfter(known?.chapters ?? [], chapterNumber)
    if (next && isToBeAskedFor(next)) askChapter(this.#client, novelId, next.number).catch(() => undefined)
  }
}
