import { plural, t } from '@lingui/core/macro'
import type { QueryClient } from '@tanstack/react-query'
import type { MarkRequest } from '../../src/http/contract/heard-contract.ts'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'
import { listenerApi } from './listener-api.ts'

/** Chapters by their numbers as ranges of numbers that follow each other. */
export function asRanges(numbers: readonly number[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && number <= last.to + 1) last.to = number
    else ranges.push({ from: number, to: number })
  }
  return ranges
}

/**
 * Marks chapters as heard, or forgets that they were, and offers to take it back. `numbers` left out: all that are
 * narrated. Throws `AnswerError`.
 */
export async function markHeard(
  client: QueryClient,
  novelId: string,
  heard: boolean,
  numbers?: readonly number[],
): Promise<void> {
  const wish: MarkRequest = { heard, ...(numbers && { chapters: asRanges(numbers) }) }
  const before = await listenerApi.markHeard(novelId, wish)
  await renewHeard(client, novelId)
  if (before.length === 0) return
  const chapters = plural(before.length, { one: '# chapter', other: '# chapters' })
  offerUndo({
    words: heard ? t`${chapters} marked as heard.` : t`${chapters} marked as not heard.`,
    undo: async () => {
      await listenerApi.restoreHeard(novelId, before)
      await renewHeard(client, novelId)
    },
  })
}

async function renewHeard(client: QueryClient, novelId: string): Promise<void> {
  const shown = [keys.novel(novelId), keys.chaptersOf(novelId), keys.heard(novelId), keys.novels, keys.begun]
  await Promise.all(shown.map((queryKey) => client.invalidateQueries({ queryKey })))
}
