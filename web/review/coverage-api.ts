import type { Coverage, SkippedText } from '../../src/http/contract/coverage-contract.ts'
import { addresses, get } from '../api.ts'

export async function askCoverage(novelId: string, signal: AbortSignal): Promise<Coverage> {
  return (await get<{ coverage: Coverage }>(`${addresses.novels}/${novelId}/coverage`, signal)).coverage
}

interface SkipsWish {
  /** Empty: every reason. */
  readonly reason: string
  readonly offset: number
  readonly limit: number
}

export async function askSkips(
  novelId: string,
  { reason, offset, limit }: SkipsWish,
  signal: AbortSignal,
): Promise<{ readonly total: number; readonly skips: readonly SkippedText[] }> {
  const query = new URLSearchParams({
    offset: String(offset),
    limit: String(limit),
    ...(reason && { reason }),
  })
  return get(`${addresses.novels}/${novelId}/skips?${query.toString()}`, signal)
}
