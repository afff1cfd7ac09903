import { useQuery } from '@tanstack/react-query'
import type { ImportSummaryView, ImportView } from '../../src/http/contract/import-batch-contract.ts'
import { get } from '../api.ts'
import { base } from '../base.ts'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'

const all = `${base}/api/imports`

export const importAddresses = {
  all,
  one: (id: string) => `${all}/${id}`,
  file: (id: string, fileId: string) => `${all}/${id}/files/${fileId}`,
  report: (id: string) => `${all}/${id}/report.md`,
  retry: (id: string) => `${all}/${id}/retry`,
} as const

/** Whether files of it are read now, or will be by themselves. */
export function isUnderWay({ total, done, states }: ImportSummaryView): boolean {
  return done + (states.sending ?? 0) < total
}

/** Imports of several files that somebody began, on whatever device. */
export function useImports(enabled: boolean) {
  const polling = usePolling(15_000, 15_000)
  return useQuery({
    queryKey: keys.imports,
    queryFn: async ({ signal }) => (await get<{ imports: ImportSummaryView[] }>(all, signal)).imports,
    enabled,
    refetchInterval: ({ state }) => (polling !== false && state.data?.some(isUnderWay) ? 1500 : polling),
  })
}

/** What became of each file: asked for whenever a file has come further. */
export function useImport({ id, states }: ImportSummaryView) {
  return useQuery({
    queryKey: keys.import(id, JSON.stringify(states)),
    queryFn: async ({ signal }) =>
      (await get<{ import: ImportView }>(importAddresses.one(id), signal)).import,
    placeholderData: (before) => before,
  })
}
