import { newId } from './device.ts'
import { type Listened, listenerApi } from './listener-api.ts'

/** The day by the clock of this device: `2026-11-29`. */
export function localDay(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Counts how long is listened, and reports it. */
export class HoursKeeper {
  readonly #sitting = newId()
  readonly #totals = new Map<string, Listened>()
  /** What was added to since the last report. */
  readonly #changed = new Set<string>()

  add(novelId: string, wallSeconds: number, audioSeconds: number): void {
    const day = localDay(new Date())
    const key = `${novelId}/${day}/${this.#sitting}`
    const known = this.#totals.get(key)
    this.#totals.set(key, {
      novelId,
      day,
      sitting: this.#sitting,
      wallSeconds: (known?.wallSeconds ?? 0) + wallSeconds,
      audioSeconds: (known?.audioSeconds ?? 0) + audioSeconds,
    })
    this.#changed.add(key)
  }

  send(): void {
    for (const key of this.#changed) {
      const listened = this.#totals.get(key)
      // What the server refuses it refuses for good: the novel was deleted meanwhile.
      if (listened) listenerApi.saveListened(listened).catch(() => undefined)
    }
    this.#changed.clear()
  }
}
