import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReadAgainBody } from '../../src/http/contract/review-contract.ts'
import { quiet } from '../element/quiet.ts'
import { keys } from '../keys.ts'
import { outlineByRule, previewReadAgain } from './headings-api.ts'

/** What reading the file again would make of the chapters, and what of them would be spoken anew. */
export function usePreview(novelId: string, command: ReadAgainBody | undefined) {
  return useQuery({
    queryKey: keys.headingsPreview(novelId, JSON.stringify(command ?? null)),
    queryFn: async ({ signal }) => {
      await quiet(signal)
      return previewReadAgain(novelId, command!, signal)
    },
    enabled: command !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
}

/** The chapters alone, which a rule gives long before the preview of a large book is there. */
export function useOutline(novelId: string, command: ReadAgainBody | undefined) {
  const rule = command?.kind === 'headings' ? command.rule : undefined
  return useQuery({
    queryKey: keys.headingsOutline(novelId, JSON.stringify(rule ?? null)),
    queryFn: async ({ signal }) => {
      await quiet(signal)
      return outlineByRule(novelId, rule!, signal)
    },
    enabled: rule !== undefined,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  })
}
