import type { OfflineDatabase, Outgoing } from './offline-database.ts'

interface Parts {
  readonly open: () => Promise<OfflineDatabase>
  /** Sends one. Rejects when there is no answer, or a refusal. */
  readonly send: (outgoing: Outgoing) => Promise<unknown>
  /** Whether what failed may succeed another time. */
  readonly mayPass: (error: unknown) => boolean
  /** Runs alone in this browser, or not at all. */
  readonly alone: (work: () => Promise<void>) => Promise<void>
  /** The server refused what was kept for it, for good: the novel is gone, say. */
  readonly onRefused: (outgoing: Outgoing) => void
}

/**
 * What the server does not know yet, in the browser's database: stored before it is sent, and deleted when there is an
 * answer, so that neither a closed tab nor a killed browser loses it.
 */
export class Outbox {
  readonly #parts: Parts
  /** Stamps of what is being sent from here. */
  readonly #underway = new Set<string>()
  /** What was stored from here and is not settled, by its key. */
  readonly #waiting = new Map<string, Outgoing>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Stores something and sends it at once. Returns the answer; `undefined` if there was none, and it is sent later.
   * Rejects when it is refused.
   */
  async deliver(news: Outgoing): Promise<unknown> {
    const before = this.#waiting.get(news.key)
    const adds = news.key.startsWith('heard/') && before !== undefined
    const outgoing = adds ? { ...news, bodies: withRange(before.bodies, news.bodies) } : news
    this.#waiting.set(outgoing.key, outgoing)
    // Both begin before anything is waited for: the page may be going away.
    const stored = this.#store(outgoing).catch(() => undefined)
    this.#underway.add(outgoing.stamp)
    try {
      const answer = await this.#parts.send(outgoing)
      await stored
      await this.#settle(outgoing)
      return answer
    } catch (error) {
      await stored
      if (this.#parts.mayPass(error)) return undefined
      await this.#settle(outgoing)
      throw error
    } finally {
      this.#underway.delete(outgoing.stamp)
    }
  }

  /** What is still to be sent, in the order in which it is. */
  async entries(): Promise<readonly Outgoing[]> {
    const db = await this.#parts.open()
    return (await db.getAll('outbox')).toSorted((a, b) => a.at - b.at)
  }

  /** Sends what could not be sent, until there is no answer again. */
  async send(): Promise<void> {
    if ((await this.entries()).length === 0) return
    await this.#parts.alone(async () => {
      for (const outgoing of await this.entries()) {
        if (this.#underway.has(outgoing.stamp)) continue
        try {
          await this.#parts.send(outgoing)
        } catch (error) {
          if (this.#parts.mayPass(error)) return
          this.#parts.onRefused(outgoing)
        }
        await this.#settle(outgoing)
      }
    })
  }

  /** Of a page that goes away the database finishes what was asked for in one go, and committed. */
  async #store(outgoing: Outgoing): Promise<void> {
    const db = await this.#parts.open()
    const change = db.transaction('outbox', 'readwrite', { durability: 'strict' })
    void change.store.put(outgoing)
    change.commit()
    await change.done
  }

  /** It arrived, unless it was changed meanwhile. */
  async #settle({ key, stamp }: Outgoing): Promise<void> {
    if (this.#waiting.get(key)?.stamp === stamp) this.#waiting.delete(key)
    const db = await this.#parts.open()
    const change = db.transaction('outbox', 'readwrite')
    if ((await change.store.get(key))?.stamp === stamp) await change.store.delete(key)
    await change.done
  }
}

/** Ranges of segments, one more added to them: what touches is one. */
function withRange(before: readonly object[], more: readonly object[]): object[] {
  const ranges = [...before, ...more] as { from: number; to: number }[]
  const merged: { from: number; to: number }[] = []
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && range.from <= last.to + 1) merged.splice(-1, 1, { ...last, to: Math.max(last.to, range.to) })
    else merged.push({ ...range })
  }
  return merged
}
