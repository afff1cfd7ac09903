import type { StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { thisDevice } from './device.ts'
import { ownPlace } from './own-places.ts'

/** Sentences by which a place has to be further to be worth a word. */
const worth = 3

/** Whether a place is further in a novel than another. */
export function isFurther(
  there: Pick<StoredPosition, 'chapterNumber' | 'segment'>,
  here: Pick<StoredPosition, 'chapterNumber' | 'segment'>,
): boolean {
  return there.chapterNumber === here.chapterNumber
    ? there.segment >= here.segment + worth
    : there.chapterNumber > here.chapterNumber
}

/**
 * Places in novels at which other devices are further than this one. They are offered until they are taken, declined or
 * passed; what this device saves meanwhile takes its place on the server, not here.
 */
class PlacesElsewhere {
  readonly #places = new Map<string, StoredPosition>()
  /** When the place that was declined last was listened to, by novel. */
  readonly #declined = new Map<string, string>()
  readonly #watchers = new Set<() => void>()

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  of(novelId: string): StoredPosition | undefined {
    return this.#places.get(novelId)
  }

  /** A position is known: another device's may be further, this one's may have passed what was offered. */
  note(novelId: string, position: StoredPosition): void {
    if (position.device === undefined) return
    const offered = this.#places.get(novelId)
    if (position.device.id === thisDevice().id) {
      if (!offered || isFurther(offered, position)) return
      this.#places.delete(novelId)
    } else {
      const here = ownPlace(novelId)
      if (position.updatedAt <= (this.#declined.get(novelId) ?? '')) return
      if (!here || !isFurther(position, here)) return
      this.#places.set(novelId, position)
    }
    for (const watcher of this.#watchers) watcher()
  }

  /** It was taken, or is not wanted. */
  settle(novelId: string): void {
    const offered = this.#places.get(novelId)
    if (!offered) return
    this.#declined.set(novelId, offered.updatedAt)
    this.#places.delete(novelId)
    for (const watcher of this.#watchers) watcher()
  }
}

export const placesElsewhere = new PlacesElsewhere()
