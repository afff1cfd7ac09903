import { type Casting, recipeForRole } from '../../novel/casting.ts'
import { type ClipKey, clipKeyName, type Recipe } from '../../novel/clip.ts'
import type { MissingSegment } from '../../storage/queries/progress-queries.ts'
import type { SpeechBackend, SpeechBackends } from '../backends/speech-backends.ts'
import type { ApplicationEvent, SegmentStateEvent } from '../event-bus.ts'
import type { ActiveGenerations, PendingChapter } from './active-generations.ts'

/** A segment handed to a speech backend. */
export interface Lease extends PendingChapter {
  /** Unique for ever. */
  readonly id: string
  readonly segment: MissingSegment
  readonly key: ClipKey
  readonly recipe: Recipe
  /**
   * The engine, voice and model that the recipe was made with (`VoiceRegistry.engineOf`); `undefined`: not determined
   * yet.
   */
  readonly made: string | undefined
  readonly backend: SpeechBackend
  /** Failed attempts so far. */
  readonly attempts: number
}

/** What is being spoken. */
export interface SegmentsInFlight {
  /** Whether a segment of a chapter is, in the recipe that a casting has for it. */
  hasChapter(casting: Casting, chapterId: number): boolean
  segmentEvents(): SegmentStateEvent[]
}

/** The segments in flight on this server. */
export class Leases implements SegmentsInFlight {
  readonly #byKey = new Map<string, Lease>()

  add(lease: Lease): void {
    this.#byKey.set(clipKeyName(lease.key), lease)
  }

  delete(lease: Lease): void {
    this.#byKey.delete(clipKeyName(lease.key))
  }

  has(key: ClipKey): boolean {
    return this.#byKey.has(clipKeyName(key))
  }

  hasChapter(casting: Casting, chapterId: number): boolean {
    for (const { key, chapter, segment } of this.#byKey.values()) {
      if (chapter.id === chapterId && key.recipe === recipeForRole(casting, segment.role)) return true
    }
    return false
  }

  /** How many segments more a backend takes. */
  freeOf(backend: SpeechBackend): number {
    return Math.max(0, backend.capacity - this.#countOf(backend))
  }

  segmentEvents(): SegmentStateEvent[] {
    return [...this.#byKey.values()].map((lease) => segmentStateEvent(lease, 'speaking'))
  }

  /**
   * The backends with free capacity, by voice, and the epoch milliseconds at which the next blocked one is available.
   */
  availableBackends(
    activeGenerations: ActiveGenerations,
    backends: SpeechBackends,
    now: number,
  ): { readonly backends: ReadonlyMap<string, SpeechBackend>; readonly wakeAt: number } {
    const available = new Map<string, SpeechBackend>()
    let wakeAt = Infinity
    for (const voice of activeGenerations.voices()) {
      const backend = backends.of(voice)
      const availableAt = backend.availableAt(voice)
      if (availableAt > now) wakeAt = Math.min(wakeAt, availableAt)
      else if (this.freeOf(backend) > 0) available.set(voice, backend)
    }
    return { backends: available, wakeAt }
  }

  #countOf(backend: SpeechBackend): number {
    let count = 0
    for (const lease of this.#byKey.values()) if (lease.backend === backend) count++
    return count
  }
}

export function segmentEvent(
  lease: Lease,
  state: SegmentStateEvent['state'],
  seconds?: number,
): ApplicationEvent {
  const segment = { ...segmentStateEvent(lease, state), ...(seconds !== undefined && { seconds }) }
  return { kind: 'segment', segment, recipe: lease.key.recipe, characters: lease.segment.spoken.length }
}

function segmentStateEvent(
  { chapter, segment, recipe }: Lease,
  state: SegmentStateEvent['state'],
): SegmentStateEvent {
  return {
    novelId: chapter.novelId,
    chapterNumber: chapter.number,
    index: segment.index,
    voice: recipe.voice,
    speed: recipe.speed,
    state,
  }
}

/** When its backend takes the voice again, epoch milliseconds; 0 where nobody can say. */
export function availableFrom({ backend, recipe }: Lease): number {
  const time = backend.availableAt(recipe.voice)
  return Number.isFinite(time) ? time : 0
}
