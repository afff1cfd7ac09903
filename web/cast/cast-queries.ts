import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CastLine, CastPlan, CastView, WantedCastBody } from '../../src/http/contract/cast-contract.ts'
import { addresses, get, send } from '../api.ts'
import { keys } from '../keys.ts'
import { usePolling } from '../live/live.tsx'
import { renewReading } from '../novel/renew-reading.ts'

const of = (novelId: string) => `${addresses.novels}/${novelId}/cast`

/** While an analysis is under way. */
const pollMs = 1000

export function useCast(novelId: string) {
  const polling = usePolling(pollMs, pollMs)
  return useQuery({
    queryKey: keys.cast(novelId),
    queryFn: async ({ signal }) => (await get<{ cast: CastView }>(of(novelId), signal)).cast,
    refetchInterval: ({ state }) =>
      state.data?.state === 'analysing' || state.data?.questions?.state === 'wanted' ? polling : false,
  })
}

/** What may be done to a cast. */
export type CastCommand =
  | { readonly kind: 'analysis' | 'questions' | 'questions/stop' | 'undo' | 'redo' }
  | { readonly kind: 'apply'; readonly version: number }
  /** `null`: a sentence has no voice of its own any more. */
  | { readonly kind: 'sentence'; readonly id: string; readonly voice: string | null }
  /** `change` gets the cast as it is when its turn comes: of several quick changes each is one of the last. */
  | { readonly kind: 'put'; readonly change: (cast: CastView) => WantedCastBody }

/** Changes the cast of a novel, one change after the other; the answer is how it is then. */
export function useCastCommand(novelId: string) {
  const client = useQueryClient()
  return useMutation({
    scope: { id: `cast of ${novelId}` },
    mutationFn: async (command: CastCommand) => {
      if (command.kind === 'put') {
        const cast = await client.ensureQueryData<CastView>({ queryKey: keys.cast(novelId) })
        return send<{ cast: CastView }>('PUT', of(novelId), command.change(cast))
      }
      if (command.kind === 'sentence')
        return send<{ cast: CastView }>('PUT', `${of(novelId)}/sentences/${command.id}`, {
          voice: command.voice,
        })
      const body = command.kind === 'apply' ? { version: command.version } : {}
      return send<{ cast: CastView }>('POST', `${of(novelId)}/${command.kind}`, body)
    },
    onSuccess: async ({ cast }, { kind }) => {
      await client.cancelQueries({ queryKey: keys.cast(novelId) })
      client.setQueryData(keys.cast(novelId), cast)
      void client.invalidateQueries({ queryKey: keys.castLinesOf(novelId) })
      if (kind !== 'apply') return
      void client.invalidateQueries({ queryKey: keys.review(novelId) })
      void renewReading(client, novelId)
    },
    // Somebody else may have changed it.
    onError: () => client.invalidateQueries({ queryKey: keys.cast(novelId) }),
  })
}

export type CastChange = ReturnType<typeof useCastCommand>

/** What applying a version of a cast would cost. */
export function useCastPlan(novelId: string, { version, applied }: Pick<CastView, 'version' | 'applied'>) {
  return useQuery({
    queryKey: keys.castPlan(novelId, version),
    queryFn: async ({ signal }) =>
      (await send<{ plan: CastPlan }>('POST', `${of(novelId)}/plan`, {}, { signal })).plan,
    enabled: version > 0 && !applied,
    gcTime: 0,
  })
}

interface ChapterLines {
  readonly version: number
  readonly lines: readonly CastLine[]
}

export function useCastLines(novelId: string, chapterNumber: number) {
  return useQuery({
    queryKey: keys.castLines(novelId, chapterNumber),
    queryFn: ({ signal }) => get<ChapterLines>(`${of(novelId)}/chapters/${chapterNumber}`, signal),
  })
}

/** Gives lines of a chapter to somebody: 0 the narrator, 1 nobody known, `null`: as it was found. */
export function useCorrection(novelId: string, chapterNumber: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ version, lines, role }: ChapterLines & { readonly role: number | null }) =>
      send<ChapterLines>('PUT', `${of(novelId)}/chapters/${chapterNumber}`, {
        version,
        lines: lines.map(({ block, start }) => ({ block, start, role })),
      }),
    onSuccess: async (answer) => {
      await client.cancelQueries({ queryKey: keys.castLines(novelId, chapterNumber) })
      client.setQueryData(keys.castLines(novelId, chapterNumber), answer)
      void client.invalidateQueries({ queryKey: keys.cast(novelId) })
    },
    onError: () => client.invalidateQueries({ queryKey: keys.castLines(novelId, chapterNumber) }),
  })
}
