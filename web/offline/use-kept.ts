import { useSyncExternalStore } from 'react'
import type { KeeperState } from './keeper.ts'
import { keeping } from './keeping.ts'
import { type Kept, keptStore } from './kept-store.ts'
import type { KeptChapter } from './offline-database.ts'

export function useKept(): Kept {
  return useSyncExternalStore(keptStore.watch, () => keptStore.now)
}

export function useKeptChapter(novelId: string, number: number): KeptChapter | undefined {
  return useSyncExternalStore(keptStore.watch, () =>
    keptStore.now.chapters.find((each) => each.novelId === novelId && each.number === number),
  )
}

export function useKeeping(): KeeperState {
  return useSyncExternalStore(keeping.watch, keeping.state)
}
