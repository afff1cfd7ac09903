import { isStorageError } from '../storage/storage-errors.ts'

/** Uses of a token or a session are written down at most so often. */
const useIntervalMs = 60_000

/**
 * Writes down that something was used now, unless that was just done. A disk that takes no writes keeps nobody out: machines
 * bring clips that are kept until it does. `lastUsedAt`: ISO 8601; `now`: epoch milliseconds.
 */
export async function noteUse(
  lastUsedAt: string | undefined,
  now: number,
  save: (at: string) => Promise<unknown>,
): Promise<void> {
  if (now - Date.parse(lastUsedAt ?? '1970-01-01') < useIntervalMs) return
  try {
    await save(isoTime(now))
  } catch (error) {
    if (!isStorageError(error)) throw error
  }
}

/** `ms`: epoch milliseconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
