import type { Database } from '../storage/database-tables.ts'
import type { DatabaseSnapshots } from '../storage/database-snapshots.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import type { Lock } from '../storage/lock.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import type { CliSettings } from './api-client.ts'

/** What the commands open that ask no server. Composed in `src/composition/open-command-storage.ts`. */
export interface CommandStorage {
  /**
   * The database beside the server that runs on it, or alone where there is none, to read or write a row. Throws
   * `storage.*` and `database.*`.
   */
  openDatabase(settings: CliSettings): Promise<{ readonly db: Database } & AsyncDisposable>
  /** Of a data folder that has its database in it. */
  readonly snapshots: DatabaseSnapshots
  /**
   * The database and the objects of a data folder, which is locked until it is disposed. A damaged database is moved to
   * `damaged`, and an empty one takes its place. Throws `storage.in-use`, `storage.unwritable`.
   */
  openForRecovery(folder: DataPaths): Promise<RecoveryStorage>
}

export interface RecoveryStorage extends AsyncDisposable {
  readonly db: Database
  readonly objects: ObjectStore
  readonly lock: Lock
  /** Path of a damaged database; absent if there was none. */
  readonly damaged?: string
}
