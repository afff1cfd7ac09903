/** What happens in the studio, for whoever listens. */
export interface SegmentStateEvent {
  readonly novelId: string
  readonly chapterNumber: number
  readonly index: number
  readonly voice: string
  readonly speed: number
  readonly state: 'speaking' | 'spoken' | 'waiting' | 'set-aside'
  readonly seconds?: number
}

export type ApplicationEvent =
  | { readonly kind: 'segment'; readonly segment: SegmentStateEvent }
  /**
   * `progress`: the figures of a generation moved; `generation`: one was accepted, or its status changed; `install`: an
   * install moved on; `speech-server`: one (by its name) rests, or does so no more.
   */
  | { readonly kind: 'progress' | 'generation' | 'install' | 'speech-server'; readonly id: string }

type Listener = (event: ApplicationEvent) => void

/** Tells everybody who listens, at once and in order. A hearer that throws is a fault of ours and stops nobody else. */
export class EventBus {
  readonly #listeners = new Set<Listener>()

  subscribe(listener: Listener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  publish(event: ApplicationEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
