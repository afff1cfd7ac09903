import { base } from '../base.ts'
import { type OfflineDatabase, openOffline } from './offline-database.ts'

let opened: Promise<OfflineDatabase> | undefined

/** What this browser keeps. Rejects where it may keep nothing, as in some private windows. */
export function offlineStorage(): Promise<OfflineDatabase> {
  return (opened ??= openOffline(base))
}
