import { LRUCache } from 'lru-cache'
import { recipesOf } from '../../novel/casting.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { ActiveGenerations, PendingChapter } from './active-generations.ts'
import { type HeldClaims, isFound } from './held-claims.ts'
import type { Lease } from './leases.ts'
import type { PlaybackPriorities, UrgentChapter } from './playback-priorities.ts'
import type { Outdated } from './segment-source.ts'
import type { AvailableParts, SpeakableRecipes } from './speakable-recipes.ts'

interface UrgentClaimsParts {
  readonly activeGenerations: ActiveGenerations
  readonly playbackPriorities: PlaybackPriorities
  readonly claims: HeldClaims
  readonly recipes: SpeakableRecipes
  /** Segments that may be claimed at once in these recipes. */
  readonly wantedOf: (parts: AvailableParts, now: number) => number
}

/** An urgent chapter that is complete is looked at again after so long at the latest, another one much sooner. */
const [completeMs, incompleteMs] = [30_000, 1000]
const rememberedChapters = 5000

/** Claims what is to be spoken next under somebody's playback position, which goes before all runs. */
export class UrgentClaims {
  readonly #parts: UrgentClaimsParts
  /** Chapters without a free segment from one on, by casting and chapter. */
  readonly #exhausted = new LRUCache<string, { readonly from: number; readonly until: number }>({
    max: rememberedChapters,
  })

  constructor(parts: UrgentClaimsParts) {
    this.#parts = parts
  }

  /** Chapters of these ids, or all, may have a segment again. */
  lookAgain(chapterIds?: ReadonlySet<number>): void {
    for (const key of this.#exhausted.keys()) {
      if (chapterIds?.has(Number(key.slice(key.indexOf('/') + 1))) ?? true) this.#exhausted.delete(key)
    }
  }

  /** The leases that were claimed, in their order. */
  async next(
    backends: ReadonlyMap<string, SpeechBackend>,
    now: number,
  ): Promise<readonly Lease[] | Outdated | undefined> {
    const { playbackPriorities, recipes, claims, wantedOf } = this.#parts
    for (const urgent of playbackPriorities.urgent(now)) {
      for (const work of this.#chaptersAt(urgent)) {
        const { casting } = work.active.generation
        const key = `${casting.id}/${work.chapter.id}`
        const known = this.#exhausted.get(key)
        if (known && known.from <= urgent.from && known.until > now) continue
        const available = await recipes.available(work.active, backends)
        if (available.size === 0) continue
        const outdated = recipes.outdatedAmong(available)
        if (outdated !== undefined) return { outdated: work.active, recipe: outdated }
        const found = await claims.lease(
          work,
          available,
          { from: urgent.from, to: work.chapter.segmentCount },
          now,
          wantedOf(available, now),
        )
        if (isFound(found)) return found
        // With all voices: else others of the chapter may be free soon.
        const isComplete = found.missing === 0 && available.size === recipesOf(casting).length
        const waitMs = isComplete ? completeMs : incompleteMs
        this.#exhausted.set(key, { from: urgent.from, until: now + waitMs })
      }
    }
    return undefined
  }

  *#chaptersAt({ novelId, chapterNumber }: UrgentChapter): Generator<PendingChapter> {
    for (const active of this.#parts.activeGenerations.all()) {
      const { generation, chapters } = active
      if (generation.novelId !== novelId || generation.desiredState !== 'run') continue
      const chapter = chapters.find(({ number }) => number === chapterNumber)
      if (chapter) yield { active, chapter }
    }
  }
}
