import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { sumRenditionCounts } from '../../jobs/generations/generation-progress.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import { defaultRenditions, isComplete, type Renditions } from '../../playback/renditions.ts'
import { lastCompletion } from '../../storage/queries/generation-queries.ts'
import { sourceType } from '../../storage/queries/import-report.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import {
  countNovels,
  listNovels,
  metadataOf,
  type NovelMetadata,
  type NovelRow,
} from '../../storage/queries/novel-queries.ts'

/** A novel as OPDS 1.2 and 2.0 both describe it, with its downloads. */
export interface Publication extends NovelMetadata {
  readonly id: string
  readonly title: string
  readonly author: string
  readonly language: string
  readonly cover: { readonly address: string; readonly type: string } | undefined
  /** ISO 8601. */
  readonly addedAt: string
  /** ISO 8601: time of the import, or of the last completed generation. */
  readonly updatedAt: string
  /** Length of the ready chapters. */
  readonly seconds: number
  readonly forms: readonly { readonly address: string; readonly type: string; readonly title: string }[]
}

/** A list of the catalogue, served at `/opds/NAME`. */
export interface OpdsList {
  readonly name: 'novels' | 'new'
  readonly title: string
  readonly order: 'title' | 'latest'
}

export const opdsLists: readonly OpdsList[] = [
  { name: 'novels', title: 'All novels', order: 'title' },
  { name: 'new', title: 'Recently added', order: 'latest' },
]

export interface CataloguePage {
  readonly list: OpdsList
  readonly query: string | undefined
  readonly publications: readonly Publication[]
  readonly total: number
  /** From 1. */
  readonly page: number
  /** At least 1. */
  readonly pages: number
}

export const publicationsPerPage = 50

/** Of the novels that `eyes` see. `base`: the path prefix of this server behind a proxy. */
export async function cataloguePage(
  context: Renditions,
  { base, eyes }: { readonly base: string; readonly eyes: Eyes },
  list: OpdsList,
  { query = '', page }: { readonly query?: string | undefined; readonly page: number },
): Promise<CataloguePage> {
  const search = query.trim() || undefined
  const total = await countNovels(context.db, eyes, search)
  const offset = (page - 1) * publicationsPerPage
  const rows = await listNovels(context.db, eyes, {
    search,
    order: list.order,
    limit: publicationsPerPage,
    offset,
  })
  const publications: Publication[] = []
  for (const row of rows) {
    publications.push(await publicationOf(context, base, row))
    await yieldToEventLoop()
  }
  const pages = Math.max(1, Math.ceil(total / publicationsPerPage))
  return { list, query: search, publications, total, page, pages }
}

export async function publicationOf(context: Renditions, base: string, row: NovelRow): Promise<Publication> {
  const renditions = await defaultRenditions(context, row)
  const completed = await lastCompletion(context.db, row.id)
  const ready = renditions.filter((each) => each.chapter.narrated === 1 && isComplete(each))
  const address = `${base}/api/novels/${row.id}`
  return {
    ...metadataOf(row),
    id: row.id,
    title: row.title,
    author: row.author,
    language: row.language,
    cover: row.coverType === null ? undefined : { address: `${address}/cover`, type: row.coverType },
    addedAt: row.createdAt,
    updatedAt: completed !== undefined && completed > row.createdAt ? completed : row.createdAt,
    seconds: framesToSeconds(sumRenditionCounts(ready.map(({ counts }) => counts)).frames),
    forms:
      ready.length === 0
        ? // Nothing to listen to yet: only the source is offered.
          [
            {
              address: `${address}/source`,
              type: sourceType(row),
              title: 'The book as it is',
            },
          ]
        : [
            { address: `${address}/book.epub`, type: 'application/epub+zip', title: 'EPUB to read along' },
            { address: `${address}/book.m4b`, type: 'audio/mp4', title: 'Audiobook (M4B)' },
          ],
  }
}

/** The page numbers reachable from a page, by link relation. */
export function pageLinks({ page, pages }: CataloguePage): ReadonlyMap<string, number> {
  return new Map([
    ['first', 1],
    ...(page > 1 ? [['previous', page - 1] as const] : []),
    ...(page < pages ? [['next', page + 1] as const] : []),
    ['last', pages],
  ])
}

/** The address of a page of a list; `root`: `/opds` or `/opds/v2`. */
export function opdsListAddress(
  root: string,
  { name }: OpdsList,
  query: string | undefined,
  page = 1,
): string {
  const parameters = new URLSearchParams({
    ...(query !== undefined && { query }),
    ...(page > 1 && { page: String(page) }),
  })
  return `${root}/${name}${parameters.size > 0 ? `?${parameters.toString()}` : ''}`
}
