/** What the servers of one database need of each other; part of `Tables`. */
export interface ServerTables {
  /** Those that live. Empty where one server has the database for itself. */
  servers: {
    id: string
    address: string
    /** Epoch milliseconds by the clock of the database, as `seenAt`. */
    startedAt: number
    seenAt: number
    /** JSON. */
    state: string
  }
}
