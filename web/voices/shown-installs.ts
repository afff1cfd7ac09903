import { t } from '@lingui/core/macro'
import type { Install } from '../../src/http/contract/voice-contract.ts'

const day = 86_400_000

export function isUnderWay({ status }: Install): boolean {
  return status === 'pending' || status === 'downloading' || status === 'proving'
}

/**
 * The installs that are of interest, the latest of each voice: those under way, those that failed within a day, and
 * those that this page saw under way and are done. `now` in milliseconds.
 */
export function shownInstalls(
  installs: readonly Install[],
  { seen, away, now }: { seen: ReadonlySet<string>; away: ReadonlySet<string>; now: number },
): Install[] {
  const latest = new Map<string, Install>()
  for (const install of installs)
    if (!latest.has(install.voiceId)) latest.set(install.voiceId, install)
  return [...latest.values()].filter((install) => {
    if (isUnderWay(install)) return true
    if (away.has(install.id)) return false
    if (install.status === 'failed') return now - Date.parse(install.createdAt) < day
    return install.status === 'completed' && seen.has(install.id)
  })
}

/** What is under way, in a person's words. */
export function installWords(status: Install['status']): string {
  const words = {
    pending: t`Waiting for its turn`,
    downloading: t`Downloading`,
    proving: t`Being proved: it speaks a text and is listened to`,
    completed: t`Here, and ready to read`,
    failed: t`Not installed`,
    cancelled: t`Cancelled`,
  } as const
  return words[status]
}
