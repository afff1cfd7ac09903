import type { InfiniteData } from '@tanstack/react-query'
import type { ChapterListed, Novel } from '../src/http/contract/novel-contract.ts'

// What lies in the page's cache, where its shape is not the server's own. Types alone: everything may import them.

export interface NovelWithChapters {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}

export type Shelf = InfiniteData<Novel[], number>
