import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import type { SearchResult } from '../../src/http/contract/search-contract.ts'
import { type FoldedQuery, foldQuery } from '../../src/playback/search/folding.ts'
import { snippetOf } from '../../src/playback/search/snippet.ts'
import { matchesIn, segmentAt } from '../../src/playback/search/text-matches.ts'
import { below, type KeptNovel, type OfflineDatabase } from './offline-database.ts'

/** Where words stand in a novel; without a server in those of its chapters that are kept on this device. */
export type FoundWords = SearchResult & {
  /** How many chapters were searched, where they are not all. */
  readonly keptOnly?: number
}

/** Searches the kept chapters of a novel, as the server searches all of them. */
export async function searchKept(
  db: OfflineDatabase,
  { id, chapters }: Pick<KeptNovel, 'id' | 'chapters'>,
  query: string,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<FoundWords> {
  const folded = foldQuery(query)
  const hits: SearchResult['hits'] = []
  let count = 0
  const kept = await db.getAllKeys('texts', below(id))
  for (const key of folded ? kept : []) {
    // One at a time: all of them may be more than a phone likes to hold.
    const { chapter } = (await db.get('texts', key)) ?? {}
    for (const { block, match, text } of folded && chapter ? matchesOf(chapter, folded) : []) {
      count++
      if (!chapter || count <= offset || hits.length === limit) continue
      hits.push({
        chapterNumber: chapter.number,
        chapterTitle: chapter.title,
        segment: segmentAt(chapter.segments, block, match.start),
        block,
        ...match,
        snippet: snippetOf(text, match),
      })
    }
  }
  const all = chapters.filter(({ characters }) => characters > 0).length
  return {
    success: true,
    count,
    complete: true,
    hits,
    ...(kept.length < all && { keptOnly: kept.length }),
  }
}

/** The hits in a chapter: a millisecond's work or two. */
function* matchesOf({ blocks }: Pick<Chapter, 'blocks'>, query: FoldedQuery) {
  for (const { index: block, text } of blocks)
    for (let from = 0; from < text.length;) {
      const { matches, next } = matchesIn(text, query, from)
      from = next
      for (const match of matches) yield { block, match, text }
    }
}
