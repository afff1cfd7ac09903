/** What happens in the studio, for whoever listens. */
export interface SegmentNews {
  readonly novelId: string
  readonly chapterNumber: number
  readonly index: number
  readonly voice: string
  readonly speed: number
  readonly state: 'speaking' | 'spoken' | 'waiting' | 'set-aside'
  readonly seconds?: number
}

export type News =
  | { readonly kind: 'segment'; readonly segment: SegmentNews }
  /**
   * `progress`: the figures of a generation moved; `generation`: one was accepted, or its status changed; `install`: an
   * install moved on; `speech-server`: one (by its name) rests, or does so no more.
   */
  | { readonly kind: 'progress' | 'generation' | 'install' | 'speech-server'; readonly id: string }

type Hearer = (news: News) => void

/** Tells everybody who listens, at once and in order. A hearer that throws is a fault of ours and stops nobody else. */
export class Announcer {
  readonly #hearers = new Set<Hearer>()

  hear(hearer: Hearer): Disposable {
    this.#hearers.add(hearer)
    return { [Symbol.dispose]: () => this.#hearers.delete(hearer) }
  }

  tell(news: News): void {
    for (const hearer of this.#hearers) hearer(news)
  }
}
