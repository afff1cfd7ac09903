import type { QueryClient } from '@tanstack/react-query'
import { mayPass } from '../answer-error.ts'
import { api } from '../api.ts'
import { keys } from '../keys.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { novelQuery } from '../queries.ts'
import { chapterAfter, isToBeAskedFor } from './chapter-order.ts'

/** Before whatever is made for later; what is under the play head comes before all else by itself. */
const listenerPriority = 20
/** Milliseconds after which what failed is tried again. */
const againAfter = 5000

/** Has a chapter spoken that somebody wants to hear now. */
export async function askChapter(client: QueryClient, novelId: string, chapterNumber: number): Promise<void> {
  await api.generateChapter({ novelId, chapterNumber, priority: listenerPriority })
  // Nobody who wants to hear something waits until the page has been told.
  for (const queryKey of [keys.novel(novelId), keys.chapter(novelId, chapterNumber), keys.queue])
    void client.invalidateQueries({ queryKey })
}

/** Has the chapter after the one that is heard asked for in time, so that no silence comes between them. */
export class AskAhead {
  readonly #client: QueryClient
  #asked = ''
  #tried = -Infinity

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** Called again and again towards a chapter's end; asks until what follows it is asked for. */
  async next(novelId: string, chapterNumber: number): Promise<void> {
    const here = `${novelId}/${chapterNumber}`
    if (this.#asked === here || Date.now() - this.#tried < againAfter) return
    this.#tried = Date.now()
    try {
      const { chapters } = await this.#client.ensureQueryData<NovelWithChapters>(novelQuery(novelId))
      const next = chapterAfter(chapters, chapterNumber)
      if (next && isToBeAskedFor(next)) await askChapter(this.#client, novelId, next.number)
    } catch (error) {
      if (mayPass(error)) return
      // What is refused is refused for good; that is told when its turn comes.
    }
    this.#asked = here
  }
}
