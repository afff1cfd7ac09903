import type { OpdsPage } from '../../jobs/opds/opds-page.ts'
import type { OpdsSource } from '../../novel/opds-source.ts'
import type { ListedOpdsFetch } from '../../storage/queries/opds-fetch-queries.ts'
import type { OpdsFetchView, OpdsPageView, OpdsSourceView } from '../contract/opds-source-contract.ts'
import { viewTrouble } from './trouble-view.ts'

/** A catalogue without its password. */
export function viewOpdsSource({ id, title, address, user, password }: OpdsSource): OpdsSourceView {
  return { id, title, address, user: user ?? null, hasPassword: password !== undefined }
}

export function viewOpdsFetch(
  listed: ListedOpdsFetch,
  bytesDone: ReadonlyMap<string, number>,
): OpdsFetchView {
  const { failure, source, type: _, ...fetch } = listed
  return {
    ...fetch,
    sourceId: source,
    bytesDone: fetch.state === 'waiting' ? (bytesDone.get(fetch.id) ?? null) : null,
    trouble: failure && viewTrouble(failure),
  }
}

/** `fetches`: those of its books. */
export function viewOpdsPage(page: OpdsPage, fetches: readonly OpdsFetchView[]): OpdsPageView {
  const byAddress = new Map(fetches.map((fetch) => [fetch.address, fetch]))
  const fetchOf = (files: readonly { readonly address: string }[]): OpdsFetchView | null => {
    for (const { address } of files) {
      const fetch = byAddress.get(address)
      if (fetch) return fetch
    }
    return null
  }
  return {
    title: page.title,
    folders: page.folders.map(({ summary, ...folder }) => ({ ...folder, summary: summary ?? null })),
    books: page.books.map(({ summary, files, ...book }) => ({
      ...book,
      summary: summary ?? null,
      files: [...files],
      fetch: fetchOf(files),
    })),
    next: page.next ?? null,
    previous: page.previous ?? null,
    search: page.search ?? null,
    total: page.total ?? null,
  }
}
