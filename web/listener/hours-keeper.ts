import { mayPass } from '../answer-error.ts'
import { recallObject, remember } from '../element/stored.ts'
import { newId } from './device.ts'
import { listenerApi } from './listener-api.ts'

/** What a sitting has listened to of a novel on a day, from its begin to now. */
export interface Listened {
  readonly novelId: string
  readonly day: string
  readonly sitting: string
  readonly wallSeconds: number
  readonly audioSeconds: number
}

type Kept = Readonly<Record<string, Listened>>

const storeName = 'hours'

/** The day by the clock of this device: `2026-11-29`. */
export function localDay(now: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Counts how long is listened, and reports it; what cannot be sent is kept in the browser until it can be. */
export class HoursKeeper {
  readonly #sitting = newId()
  readonly #totals = new Map<string, Listened>()

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
    remember(storeName, { ...kept(), [key]: this.#totals.get(key) })
  }

  send(): void {
    for (const [key, listened] of Object.entries(kept())) void report(key, listened)
  }
}

async function report(key: string, listened: Listened): Promise<void> {
  try {
    await listenerApi.saveListened(listened)
  } catch (error) {
    // What the server refuses it refuses for good: the novel was deleted meanwhile.
    if (mayPass(error)) return
  }
  const { [key]: now, ...others } = kept()
  if (now?.wallSeconds === listened.wallSeconds) remember(storeName, others)
}

function kept(): Kept {
  return (recallObject(storeName) as Kept | undefined) ?? {}
}
