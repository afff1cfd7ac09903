import { base } from '../base.ts'
import { adding } from '../live/watchers.ts'
import { below, type KeptChapter, type KeptNovel } from './offline-database.ts'
import { offlineStorage } from './offline-storage.ts'

/** What is kept, as far as it is shown. */
export interface Kept {
  readonly novels: readonly KeptNovel[]
  readonly chapters: readonly KeptChapter[]
}

const none: Kept = { novels: [], chapters: [] }

/** What this device keeps, or shall keep; all tabs know of each other's changes. */
class KeptStore {
  readonly #watchers = new Set<() => void>()
  readonly #tabs: BroadcastChannel | undefined
  now: Kept = none

  constructor() {
    if (!('BroadcastChannel' in globalThis)) return
    this.#tabs = new BroadcastChannel(`nightjar kept ${base}`)
    this.#tabs.addEventListener('message', () => void this.read())
  }

  readonly watch = adding(this.#watchers)

  /** Reads it from the browser's database. */
  async read(): Promise<Kept> {
    try {
      const db = await offlineStorage()
      const [novels, chapters] = await Promise.all([db.getAll('novels'), db.getAll('chapters')])
      this.now = { novels, chapters }
    } catch {
      // A browser that keeps nothing.
      this.now = none
    }
    for (const watcher of this.#watchers) watcher()
    return this.now
  }

  async changed(): Promise<void> {
    this.#tabs?.postMessage('changed')
    await this.read()
  }

  /** Has chapters kept as soon as they are spoken. */
  async want(novel: KeptNovel, numbers: readonly number[], byHand: boolean): Promise<void> {
    const db = await offlineStorage()
    const change = db.transaction(['novels', 'chapters'], 'readwrite')
    const known = await change.objectStore('novels').get(novel.id)
    await change.objectStore('novels').put({ ...novel, ahead: known?.ahead ?? novel.ahead })
    const chapters = change.objectStore('chapters')
    for (const number of numbers) {
      const before = await chapters.get([novel.id, number])
      await chapters.put({ ...before, novelId: novel.id, number, byHand: byHand || before?.byHand === true })
    }
    await change.done
    await this.changed()
  }

  /** How many chapters are kept ahead of the listener from now on; 0: none, and those that were are let go. */
  async setAhead(novel: KeptNovel, ahead: number): Promise<void> {
    await (await offlineStorage()).put('novels', { ...novel, ahead })
    const letGo = this.now.chapters.filter((each) => each.novelId === novel.id && !each.byHand)
    if (ahead === 0)
      await this.remove(
        novel.id,
        letGo.map(({ number }) => number),
      )
    else await this.changed()
  }

  /** Deletes chapters of a novel, and the novel with its last one. */
  async remove(novelId: string, numbers: readonly number[]): Promise<void> {
    const db = await offlineStorage()
    const change = db.transaction(['novels', 'chapters', 'texts', 'pieces', 'covers'], 'readwrite')
    for (const number of numbers) {
      await change.objectStore('chapters').delete([novelId, number])
      await change.objectStore('texts').delete([novelId, number])
      await change.objectStore('pieces').delete(below(novelId, number))
    }
    const left = await change.objectStore('chapters').count(below(novelId))
    const novel = await change.objectStore('novels').get(novelId)
    if (left === 0 && novel && (novel.ahead === 0 || novel.gone)) {
      await change.objectStore('novels').delete(novelId)
      await change.objectStore('covers').delete(novelId)
    }
    await change.done
    await this.changed()
  }

  /** Deletes all that is kept of a novel, the rule included. */
  async removeNovel(novelId: string): Promise<void> {
    const { novels, chapters } = this.now
    const novel = novels.find(({ id }) => id === novelId)
    if (novel) await (await offlineStorage()).put('novels', { ...novel, ahead: 0 })
    await this.remove(
      novelId,
      chapters.filter((each) => each.novelId === novelId).map(({ number }) => number),
    )
  }
}

export const keptStore = new KeptStore()

/** Bytes of all that is here of chapters. */
export function bytesOf(chapters: readonly KeptChapter[]): number {
  return chapters.reduce((sum, { kept }) => sum + (kept?.bytes ?? 0), 0)
}
