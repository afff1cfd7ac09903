import type { Row } from '../report.ts'
import type { ServerUnderTest } from '../server-under-test.ts'

/** Work of a server during which its API must stay responsive. */
export interface Activity {
  /** Completes "longest gap of the event loop while …". */
  readonly what: string
  /** Fills the data folder before the server starts. */
  readonly fill?: (data: string, quick: boolean) => Promise<void>
  /** Prepares the server and returns the activity, which resolves when all of its work is done. */
  readonly begin: (
    underTest: ServerUnderTest,
    quick: boolean,
  ) => Promise<() => Promise<readonly Row[] | void>>
}
