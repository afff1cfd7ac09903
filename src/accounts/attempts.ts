import { createHash } from 'node:crypto'
import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { countAttempt, forgetFailures, forgetOldFailures } from '../storage/queries/sign-in-queries.ts'

/** Wrong attempts that cost nothing. */
const freeFailures = 3
const firstDelayMs = 2000
const longestDelayMs = 15 * 60_000
/** Failures are forgotten when none was added for so long. */
const memoryMs = 24 * 3_600_000

/**
 * Runs `attempt`, which tells whether a secret was right; after three wrong ones in a row from the same address for the
 * same name, each has to wait twice as long as the one before. Others, and the same person elsewhere, wait for nothing:
 * nobody can lock somebody else out. Throws `account.slow`.
 */
export async function limitAttempts<T>(
  db: Database,
  { address, name, now = Date.now() }: { address: string; name: string; now?: number },
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const digest = createHash('sha256')
    .update(`${networkOf(address)}\n${name}`)
    .digest()
  const before = await countAttempt(db, digest, (row) => {
    if (row && row.nextAt > now) return undefined
    const failures = (row && now - row.lastAt < memoryMs ? row.failures : 0) + 1
    return { failures, lastAt: now, nextAt: now + delayMs(failures) }
  })
  if (before && before.nextAt > now) {
    throw new Failure('account.slow', { seconds: Math.ceil((before.nextAt - now) / 1000) })
  }
  const found = await attempt()
  if (found !== undefined) await forgetFailures(db, digest)
  await forgetOldFailures(db, now - memoryMs)
  return found
}

/** Milliseconds until the attempt after so many wrong ones. */
export function delayMs(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - freeFailures))
}

/** Of IPv6 the network: whoever has one address has all of the last 64 bits. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head.split(':')
  const missing = address.includes('::') ? 8 - groups.length - tail.split(':').length : 0
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...tail.split(':')]
    .slice(0, 4)
    .join(':')
}
