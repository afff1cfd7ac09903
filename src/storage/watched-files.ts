import type { SalvagedRow } from './queries/salvaged-clip-queries.ts'

export interface DamageListener {
  /** Called synchronously within a query: the file of clips has been replaced by an empty one; `aside` is the old one. */
  readonly onClipsQuarantined: (aside: string) => void
  /** Called once: the database is damaged and read-only from now on. */
  readonly onDamage: (detail: string) => void
}

/** The database's own files, where it has some on this machine: they can be damaged, and are watched for it. */
export interface WatchedFiles {
  /** Path of a damaged file of clips that was quarantined, now or earlier, and is still to be salvaged. */
  readonly salvage?: string
  subscribe(listener: DamageListener): void
  /** Checks in the background what was too large to be checked when it was opened; publishes damage to the listener. */
  checkIntegrity(signal: AbortSignal): Promise<void>
  openSalvage(aside: string): SalvagedClips
  /** Moves a file whose salvage has failed to a path where no start looks for it. Returns the new path. */
  keepUnsalvaged(aside: string): string
}

/** The intact rows of a damaged file of clips. */
export interface SalvagedClips {
  /** Number of rows that were found but cannot be read or fail their checksum, so far. */
  readonly lost: number
  /** In batches small enough that a commit of one does not delay other writes. */
  rows(yieldToEventLoop: () => Promise<void>): AsyncGenerator<readonly SalvagedRow[]>
  close(): void
}
