import type { Bookmark } from '../../src/http/contract/bookmark-contract.ts'
import type { HeardChapterView } from '../../src/http/contract/heard-contract.ts'
import { AnswerError, isUnanswered } from '../answer-error.ts'
import { getFresh } from '../api.ts'
import { base } from '../base.ts'
import { ownPlace } from '../listener/own-places.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { downloadChapter, isCurrent } from './chapter-download.ts'
import { keepAhead } from './keep-ahead.ts'
import { keptStore } from './kept-store.ts'
import type { KeptChapter, KeptNovel, OfflineDatabase } from './offline-database.ts'
import { offlineStorage } from './offline-storage.ts'
import { storable } from './stored-file.ts'

/** What the keeper does, or why it does nothing. */
export type KeeperState =
  | { readonly kind: 'resting' }
  | { readonly kind: 'fetching'; readonly novelId: string; readonly number: number }
  | { readonly kind: 'full' }

/**
 * Brings what this device keeps in line with what it shall keep and with what the server has: fetches what is spoken by
 * now, fetches anew what was changed, applies the rule *the next N, always*, and notes which novels are gone. One tab does
 * so at a time.
 */
export class Keeper {
  readonly #onState: (state: KeeperState) => void
  readonly #stopped = new AbortController()
  #running = false
  #again = false

  constructor(onState: (state: KeeperState) => void) {
    this.#onState = onState
  }

  stop(): void {
    this.#stopped.abort()
  }

  /** Something may be to be done. */
  async wake(): Promise<void> {
    this.#again = this.#running
    if (this.#running) return
    this.#running = true
    try {
      await navigator.locks.request(`nightjar keeper ${base}`, { ifAvailable: true }, async (lock) => {
        if (lock) await this.#run()
      })
    } finally {
      this.#running = false
    }
    if (this.#again) await this.wake()
  }

  async #run(): Promise<void> {
    let state: KeeperState = { kind: 'resting' }
    try {
      const db = await offlineStorage()
      for (const { id } of await db.getAll('novels')) await this.#bringUpToDate(db, id)
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') state = { kind: 'full' }
      // Without an answer it is done when there is one; what one chapter is refused for the others need not be.
      else if (!(error instanceof AnswerError) && !this.#stopped.signal.aborted) throw error
    } finally {
      this.#onState(state)
    }
  }

  async #bringUpToDate(db: OfflineDatabase, id: string): Promise<void> {
    const fresh = await this.#freshNovel(db, id)
    if (!fresh) return
    const { novel, chapters, ahead } = fresh
    const own = ownPlace(id)
    const later = own && own.at > Date.parse(novel.position?.updatedAt ?? '1970-01-01')
    const kept = keptStore.now.chapters.filter(({ novelId }) => novelId === id)
    const { add, remove } = keepAhead(ahead, later ? own : novel.position, chapters, kept)
    if (add.length > 0) await keptStore.want(fresh, add, false)
    if (remove.length > 0) await keptStore.remove(id, remove)
    const { voice, speed } = novel
    if (voice === null) return
    for (const wish of keptStore.now.chapters.filter(({ novelId }) => novelId === id)) {
      const listed = chapters.find(({ number }) => number === wish.number)
      const sound = { novelId: id, chapterNumber: wish.number, voice, speed }
      if (listed?.status === 'completed') await this.#keep(db, sound, wish)
    }
  }

  async #keep(
    db: OfflineDatabase,
    sound: Parameters<typeof downloadChapter>[1],
    wish: KeptChapter,
  ): Promise<void> {
    const { signal } = this.#stopped
    const same = wish.kept?.voice === sound.voice && wish.kept.speed === sound.speed
    try {
      if (wish.kept && same && (await isCurrent(sound, wish.kept.etag, signal))) return
      this.#onState({ kind: 'fetching', novelId: wish.novelId, number: wish.number })
      await downloadChapter(db, sound, wish, signal)
      await keptStore.changed()
    } catch (error) {
      // Of this chapter alone: it is being spoken anew, say.
      if (!(error instanceof AnswerError) || isUnanswered(error)) throw error
    }
  }

  /** The novel as it is now, stored; `undefined` if it is gone, which is stored too. */
  async #freshNovel(db: OfflineDatabase, id: string): Promise<KeptNovel | undefined> {
    const { signal } = this.#stopped
    const address = `${base}/api/novels/${id}`
    let fresh: Omit<KeptNovel, 'id' | 'ahead'>
    try {
      const [{ novel, chapters }, { heard }, { bookmarks }] = await Promise.all([
        getFresh<NovelWithChapters>(address, signal),
        getFresh<{ heard: HeardChapterView[] }>(`${address}/heard`, signal),
        getFresh<{ bookmarks: Bookmark[] }>(`${address}/bookmarks`, signal),
      ])
      fresh = { novel, chapters, heard, bookmarks }
      if (novel.cover && (await db.count('covers', id)) === 0)
        await db.put(
          'covers',
          await storable(await (await fetch(`${novel.cover}?width=640`, { signal })).blob()),
          id,
        )
    } catch (error) {
      if (!(error instanceof AnswerError) || error.status !== 404) throw error
      const known = await db.get('novels', id)
      if (known && !known.gone) await db.put('novels', { ...known, gone: true })
      await keptStore.changed()
      return undefined
    }
    // Read again: the rule may have been changed meanwhile, or all of it let go.
    const change = db.transaction('novels', 'readwrite')
    const known = await change.store.get(id)
    const now = known && { id, ahead: known.ahead, ...fresh }
    if (now) await change.store.put(now)
    await change.done
    await keptStore.read()
    return now
  }
}
