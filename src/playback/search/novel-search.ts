import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { Segment } from '../../novel/segment.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersToSearch, segmentsOf } from '../../storage/queries/chapter-queries.ts'
import type { ChapterTexts } from './chapter-texts.ts'
import { foldQuery } from './folding.ts'
import { type Snippet, snippetOf } from './snippet.ts'
import { matchesIn, segmentAt } from './text-matches.ts'

interface SearchHit {
  readonly chapterNumber: number
  readonly chapterTitle: string
  /** Index of the segment in which it begins; if it is not spoken, of the next one, else of the last; none: `null`. */
  readonly segment: number | null
  readonly block: number
  /** `[start, end)` in the block. */
  readonly start: number
  readonly end: number
  readonly snippet: Snippet
}

export interface SearchResult {
  /** Hits in the whole novel. */
  readonly count: number
  /** `false`: the time was over before the novel's end, or the client was gone. */
  readonly complete: boolean
  readonly hits: readonly SearchHit[]
}

export interface SearchOptions {
  /** The hits `[offset, offset + limit)` in reading order are returned. */
  readonly offset: number
  readonly limit: number
  readonly signal: AbortSignal
  /** Kept from one search to the next. */
  readonly texts: ChapterTexts
  /** Milliseconds after which a search ends, however much is left. */
  readonly longest?: number
}

/** Milliseconds of work between which others have their turn. */
const sliceMs = 8

/**
 * Searches a novel's text, chapter by chapter, as in `folding.ts`. 20 MB take about half a second, in slices of some
 * milliseconds; a search soon after does not read them again.
 */
export async function searchNovel(
  db: Database,
  novelId: string,
  query: string,
  { offset, limit, signal, texts, longest = 10_000 }: SearchOptions,
): Promise<SearchResult> {
  const folded = foldQuery(query)
  if (!folded) return { count: 0, complete: true, hits: [] }
  const slices = new Slices(signal, longest)
  const hits: SearchHit[] = []
  let count = 0
  for await (const [{ id, number, title }, blocks] of texts.of(db, await chaptersToSearch(db, novelId))) {
    let segments: readonly Segment[] | undefined
    for (const [block, text] of blocks.entries()) {
      let from = 0
      while (from < text.length) {
        if (!(await slices.goOn())) return { count, complete: false, hits }
        const found = matchesIn(text, folded, from)
        from = found.next
        for (const match of found.matches) {
          count++
          if (count <= offset || hits.length === limit) continue
          segments ??= await segmentsOf(db, id)
          hits.push({
            chapterNumber: number,
            chapterTitle: title,
            segment: segmentAt(segments, block, match.start),
            block,
            ...match,
            snippet: snippetOf(text, match),
          })
        }
      }
    }
  }
  return { count, complete: true, hits }
}

/** Work in slices, until the time is over or nobody waits for it. */
class Slices {
  readonly #signal: AbortSignal
  readonly #end: number
  #slice = performance.now()

  constructor(signal: AbortSignal, longest: number) {
    this.#signal = signal
    this.#end = this.#slice + longest
  }

  /** Lets others have their turn if it is time. Returns whether to go on. */
  async goOn(): Promise<boolean> {
    if (performance.now() - this.#slice > sliceMs) {
      await yieldToEventLoop()
      this.#slice = performance.now()
    }
    return !this.#signal.aborted && this.#slice < this.#end
  }
}
