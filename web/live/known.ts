import type { Query, QueryClient, QueryKey } from '@tanstack/react-query'

export interface ChangeOptions {
  /** For changes that count on: an answer under way may have them already, and what is told next puts them right. */
  readonly once?: boolean
}

/**
 * Changes what is known of the server by what it told beside its answers. An answer that is under way may have been read before that, so it is changed as well, unless
 * `once`. Applied twice, `change` has to give the same. What was to be asked again stays so, and nothing gets younger by it: otherwise a page that was left would never
 * ask again while something is told.
 */
export function changeKnown<T>(
  client: QueryClient,
  queryKey: QueryKey,
  change: (known: T) => T,
  { once = false }: ChangeOptions = {},
): void {
  for (const query of client.getQueryCache().findAll({ queryKey })) {
    apply(client, query, change)
    if (!once && query.state.fetchStatus === 'fetching') applyLater(client, query, change)
  }
}

function apply<T>(client: QueryClient, query: Query, change: (known: T) => T): void {
  const { data, dataUpdatedAt, isInvalidated } = query.state
  if (data === undefined) return
  const changed = change(data as T)
  if (changed === data) return
  client.setQueryData(query.queryKey, changed, { updatedAt: dataUpdatedAt })
  if (isInvalidated) query.invalidate()
}

/** Waits for the answer under way; a question that is asked after this one is answered by what is true then. */
function applyLater<T>(client: QueryClient, query: Query, change: (known: T) => T): void {
  const cease = client.getQueryCache().subscribe((event) => {
    if (event.query !== query) return
    if (event.type === 'removed') return cease()
    if (event.type !== 'updated') return
    const { action } = event
    if (action.type === 'success' && !action.manual) {
      cease()
      apply(client, query, change)
    } else if (['fetch', 'error', 'setState'].includes(action.type)) cease()
  })
}
