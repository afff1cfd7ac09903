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

/** What belongs to a listener. */
export const listenerMatters = ['settings', 'position', 'heard', 'hours', 'bookmarks', 'begun'] as const

export type ApplicationEvent =
  /** `recipe`: hash of the recipe that it is spoken in; `characters`: UTF-16 units of its spoken text. */
  | {
      readonly kind: 'segment'
      readonly segment: SegmentStateEvent
      readonly recipe: string
      readonly characters?: number
    }
  /**
   * `progress`: the counts of a generation changed; `generation`: one was accepted, or its status changed; `install`: an
   * install made progress; `speech-server`: the availability of one (`id`: its name) changed; `novel`: one was added,
   * deleted, or its text or settings changed; `machine`: a speaker machine joined, left, or changed its state.
   */
  | {
      readonly kind: 'progress' | 'generation' | 'install' | 'speech-server' | 'novel' | 'machine'
      readonly id: string
    }
  /** Something of a listener changed; `novelId`: in one novel. */
  | {
      readonly kind: 'listener'
      readonly listener: string
      readonly about: (typeof listenerMatters)[number]
      readonly novelId?: string
      /** Id of the device that changed it and knows. */
      readonly device?: string
    }
  | CacheEvent

/** For the caches of the other servers; the server that changes something updates its own. */
type CacheEvent =
  /** Clips or failures of these chapters (ids) changed. */
  | { readonly kind: 'chapters'; readonly ids: readonly number[] }
  /** A listener is at a place. */
  | {
      readonly kind: 'playback'
      readonly novelId: string
      readonly chapterNumber: number
      readonly segment: number
    }
  /**
   * `voices`: a voice or speech server was added, changed or removed; `webhooks`: likewise; `words`: the user's list of
   * words was changed; `epoch`: clips were deleted.
   */
  | { readonly kind: 'voices' | 'webhooks' | 'words' | 'epoch' }
  /** Events of other servers may have been lost: anything may have changed. */
  | { readonly kind: 'everything' }

/** `remote`: it was published by another server. */
export type EventListener = (event: ApplicationEvent, remote: boolean) => void

/** Tells who shows or caches something that it has changed. An event is a hint to read again, never the truth. */
export interface EventBus {
  /** Never throws, never waits. A listener that publishes in turn does not change the order of events for the others. */
  publish(event: ApplicationEvent): void
  /** Calls the listener for each event published from now on, in order. If it throws, that is logged and stops no other. */
  subscribe(listener: EventListener): Disposable
}
