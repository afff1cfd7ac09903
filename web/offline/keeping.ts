import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { adding } from '../live/watchers.ts'
import type { Keeper, KeeperState } from './keeper.ts'
import { keptStore } from './kept-store.ts'
import type { KeptNovel } from './offline-database.ts'

/** Milliseconds within which what comes one after another is one thing to do. */
const soonAfter = 2000

const watchers = new Set<() => void>()
let state: KeeperState = { kind: 'resting' }
let keeper: Promise<Keeper> | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/** Whether this page can keep chapters: browsers let it over https, or on the machine itself. */
export function canKeep(): boolean {
  return isSecureContext && navigator.serviceWorker !== undefined && 'locks' in navigator
}

/** What the keeper does; its script is fetched when there is something to keep. */
export const keeping = {
  watch: adding(watchers),
  state: (): KeeperState => state,
}

/** Has the keeper look now for what is to be done. */
async function keepNow(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  if (!canKeep() || keptStore.now.novels.length === 0) return
  keeper ??= import('./keeper.ts').then(
    ({ Keeper: Loaded }) =>
      new Loaded((now) => {
        state = now
        for (const watcher of watchers) watcher()
      }),
  )
  await (await keeper).wake().catch((error: unknown) => {
    throw new Error('what is kept on this device could not be brought up to date', { cause: error })
  })
}

/** The same in a moment. */
export function keepSoon(): void {
  timer ??= setTimeout(() => void keepNow(), soonAfter)
}

/** Has chapters of a novel kept on this device; within a press, since the browser may ask. */
export async function keepChapters(
  novel: Novel,
  chapters: readonly ChapterListed[],
  numbers: readonly number[],
): Promise<void> {
  // What browsers otherwise let go when they need the room. Without a yes it is kept as long as they have it.
  void navigator.storage?.persist?.()
  await keptStore.want(asKept(novel, chapters), numbers, true)
  void keepNow()
}

/** Has the next chapters kept, always; 0: no more. */
export async function keepNext(
  novel: Novel,
  chapters: readonly ChapterListed[],
  ahead: number,
): Promise<void> {
  void navigator.storage?.persist?.()
  await keptStore.setAhead(asKept(novel, chapters), ahead)
  void keepNow()
}

function asKept(novel: Novel, chapters: readonly ChapterListed[]): KeptNovel {
  const known = keptStore.now.novels.find(({ id }) => id === novel.id)
  return { id: novel.id, heard: [], bookmarks: [], ahead: 0, ...known, novel, chapters }
}
