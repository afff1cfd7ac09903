import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  LexiconPlan,
  LexiconView,
  WantedEntriesBody,
  WantedEntryBody,
} from '../../src/http/contract/lexicon-contract.ts'
import type { NamesView } from '../../src/http/contract/names-contract.ts'
import type { PlsReport } from '../../src/http/contract/pls-contract.ts'
import { addresses, ask, get, send } from '../api.ts'
import { quiet } from '../element/quiet.ts'
import { keys } from '../keys.ts'
import { changeKnown } from '../live/known.ts'
import { usePolling } from '../live/live.tsx'
import { renewReading } from '../novel/renew-reading.ts'

const of = (novelId: string) => `${addresses.novels}/${novelId}/lexicon`

/** While the book is brought up to date. */
const pollMs = 1000

export type Scope = WantedEntriesBody['scope']

export function useLexicon(novelId: string) {
  const polling = usePolling(pollMs, pollMs)
  return useQuery({
    queryKey: keys.lexicon(novelId),
    queryFn: async ({ signal }) => (await get<{ lexicon: LexiconView }>(of(novelId), signal)).lexicon,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? polling : false),
  })
}

/** What may be done to the words of a scope. */
export type LexiconCommand =
  | ({ readonly kind: 'change' } & WantedEntriesBody)
  | { readonly kind: 'undo' | 'redo'; readonly scope: Scope }
  | { readonly kind: 'apply' }

/** Does it; what shows the book or its words is brought up to date. Throws `AnswerError`. */
export async function changeLexicon(
  client: QueryClient,
  novelId: string,
  { kind, ...body }: LexiconCommand,
): Promise<void> {
  try {
    const path = `${of(novelId)}/${kind === 'change' ? 'entries' : kind}`
    const { lexicon } = await send<{ lexicon: LexiconView }>('POST', path, body)
    await client.cancelQueries({ queryKey: keys.lexicon(novelId) })
    client.setQueryData(keys.lexicon(novelId), lexicon)
    void renewReading(client, novelId)
  } catch (error) {
    // Somebody else may have changed it.
    void client.invalidateQueries({ queryKey: keys.lexicon(novelId) })
    throw error
  }
}

export function useLexiconCommand(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (command: LexiconCommand) => changeLexicon(client, novelId, command),
  })
}

/** What a change would have spoken again; `undefined`: there is none to ask for. */
export function useLexiconPlan(novelId: string, change: WantedEntriesBody | undefined) {
  return useQuery({
    queryKey: keys.lexiconPlan(novelId, JSON.stringify(change ?? null)),
    queryFn: async ({ signal }) => {
      await quiet(signal)
      return (await send<{ plan: LexiconPlan }>('POST', `${of(novelId)}/plan`, change ?? {}, { signal })).plan
    },
    enabled: change !== undefined,
    gcTime: 0,
    retry: false,
  })
}

/** A sentence of the book with a word said so. */
export async function heardEntry(
  novelId: string,
  entry: WantedEntryBody,
  sentence: string | undefined,
  signal: AbortSignal,
): Promise<Blob> {
  const body = JSON.stringify({ entry, ...(sentence !== undefined && { sentence: sentence.slice(0, 500) }) })
  const headers = { 'content-type': 'application/json' }
  return (await ask(`${of(novelId)}/hear`, { method: 'POST', headers, body, signal })).blob()
}

export function plsAddress(novelId: string, scope: Scope): string {
  return `${of(novelId)}.pls?scope=${scope}`
}

/** Adds the words of a file. */
export function usePlsImport(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ file, scope }: { readonly file: File; readonly scope: Scope }) => {
      const body = new FormData()
      body.append('file', file)
      return (await (await ask(plsAddress(novelId, scope), { method: 'POST', body })).json()) as PlsReport
    },
    onSuccess: () => client.invalidateQueries({ queryKey: keys.lexicon(novelId) }),
  })
}

export function useNames(novelId: string) {
  return useQuery({
    queryKey: keys.names(novelId),
    queryFn: async ({ signal }) =>
      (await get<{ names: NamesView }>(`${addresses.novels}/${novelId}/names`, signal)).names,
    staleTime: 60_000,
    retry: false,
  })
}

/** Remembers that a word is well said, or forgets it. */
export function useFine(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ word, fine }: { readonly word: string; readonly fine: boolean }) =>
      send('PUT', `${addresses.novels}/${novelId}/names/fine`, { words: [word], fine }),
    onSuccess: (_, { word, fine }) =>
      changeKnown<NamesView>(client, keys.names(novelId), (known) => ({
        ...known,
        names: known.names.map((one) => (one.word === word ? { ...one, fine } : one)),
      })),
  })
}
