import type { ImportState } from '../novel/import-state.ts'
import type { InboxState } from '../novel/inbox-state.ts'

/** Files that come in by themselves, from the watched folder and several at once; part of `Tables`. */
export interface ImportTables {
  /** Files of the watched folder that were read. */
  inboxFiles: {
    /** Relative to that folder, separated by `/`. */
    path: string
    /** What several formats of one book have in common. */
    book: string
    size: number
    mtimeMs: number
    sha256: string | null
    state: InboxState
    novelId: string | null
    /** JSON: code and details of why it was refused, or is not spoken. */
    failure: string | null
    readAt: string
  }
  /** Files that are imported in the background. */
  importFiles: {
    id: string
    batch: string
    /** Who has begun the import; NULL: nobody signs in. */
    listener: string | null
    /** Whether they keep its novels to themselves. */
    kept: number
    name: string
    bytes: number
    state: ImportState
    novelId: string | null
    /** Of a version that is offered to the novel. */
    versionId: string | null
    /** JSON: code and details of why it was refused. */
    failure: string | null
    createdAt: string
    /** When it was read first. */
    begunAt: string | null
    changedAt: string
  }
}
