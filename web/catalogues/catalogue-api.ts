import { useQuery } from '@tanstack/react-query'
import type {
  OpdsBookView,
  OpdsFetchView,
  OpdsPageView,
  OpdsSourceView,
} from '../../src/http/contract/opds-source-contract.ts'
import { get, type Removed, send } from '../api.ts'
import { base } from '../base.ts'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'

/** `null` takes the name or password away, what is left out stays. */
export interface CatalogueWishes {
  readonly title?: string
  readonly address?: string
  readonly user?: string | null
  readonly password?: string | null
}

/** A page of a catalogue, or what is found in it. */
export interface CataloguePlace {
  readonly at?: string
  readonly search?: string
}

const sources = `${base}/api/opds-sources`
const fetches = `${base}/api/opds-fetches`

export const catalogueApi = {
  add: (wishes: CatalogueWishes) => send<{ source: OpdsSourceView }>('POST', sources, wishes),
  change: (id: string, wishes: CatalogueWishes) =>
    send<{ source: OpdsSourceView }>('PATCH', `${sources}/${id}`, wishes),
  remove: (id: string) => send<Removed>('DELETE', `${sources}/${id}`),
  fetch: (id: string, books: readonly OpdsBookView[]) =>
    send('POST', `${sources}/${id}/fetches`, {
      books: books.flatMap(({ title, author, files: [file] }) =>
        file ? [{ address: file.address, type: file.type, title: title || '?', author }] : [],
      ),
    }),
  retry: (fetchId: string) => send('POST', `${fetches}/${fetchId}/retry`),
  forget: (fetchId: string) => send('DELETE', `${fetches}/${fetchId}`),
} as const

export function useCatalogues(enabled = true) {
  return useQuery({
    queryKey: keys.opdsSources,
    queryFn: async ({ signal }) => (await get<{ sources: OpdsSourceView[] }>(sources, signal)).sources,
    enabled,
    refetchInterval: usePolling(10_000, 10_000),
  })
}

export function useCataloguePage(id: string, { at, search }: CataloguePlace) {
  const query = new URLSearchParams({
    ...(at !== undefined && { at }),
    ...(search !== undefined && { search }),
  })
  return useQuery({
    queryKey: keys.opdsPage(id, query.toString()),
    queryFn: ({ signal }) =>
      get<{ source: OpdsSourceView; page: OpdsPageView }>(
        `${sources}/${id}/page?${query.toString()}`,
        signal,
      ),
    // Another server is asked each time.
    retry: false,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
}

/** What became of the books that were asked for; asked more often while some are on their way. */
export function useFetches() {
  const polling = usePolling(10_000, 10_000)
  return useQuery({
    queryKey: keys.opdsFetches,
    queryFn: async ({ signal }) => (await get<{ fetches: OpdsFetchView[] }>(fetches, signal)).fetches,
    refetchInterval: ({ state }) =>
      polling !== false && state.data?.some((fetch) => fetch.state === 'waiting') ? 1000 : polling,
  })
}
