import type { OpdsFetchState, OpdsOutcome } from '../novel/opds-source.ts'

/** OPDS catalogues and what was fetched from them; part of `Tables`. */
export interface OpdsTables {
  opdsSources: {
    id: string
    title: string
    address: string
    user: string | null
    /** As it is sent: a hash would not do. */
    password: string | null
    createdAt: string
  }
  opdsFetches: {
    id: string
    /** Id of the catalogue. */
    source: string
    address: string
    title: string
    author: string
    /** Media type as the catalogue has it; empty: none. */
    type: string
    state: OpdsFetchState
    /** Length as the other server told it when it was fetched last. */
    bytes: number | null
    novelId: string | null
    outcome: OpdsOutcome | null
    /** JSON: code and details of the failure. */
    failure: string | null
    createdAt: string
    endedAt: string | null
  }
}
