/** A segment changed its state. */
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
  /** `recipe`: hash of the recipe that it is spoken in. */
  | { readonly kind: 'segment'; readonly segment: SegmentStateEvent; readonly recipe: string }
  /**
   * `progress`: the counts of a generation changed; `generation`: one was accepted, or its status changed; `install`: an
   * install made progress; `speech-server`: the availability of one (`id`: its name) changed.
   */
  | { readonly kind: 'progress' | 'generation' | 'install' | 'speech-server'; readonly id: string }

type Listener = (event: ApplicationEvent) => void

/** Publishes synchronously, in order of subscription. Listeners must not throw: it would reach the publisher. */
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
