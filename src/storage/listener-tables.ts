/** What belongs to listeners; see `database-tables.ts`. */
export interface ListenerTables {
  listeners: {
    id: string
    name: string
    createdAt: string
  }
  listenerSettings: {
    listener: string
    /** JSON: ListenerSettings. */
    settings: string
    updatedAt: string
  }
  /** A listener's settings in one novel, which go before those for all. */
  novelSettings: {
    listener: string
    novelId: string
    /** JSON: NovelSettings. */
    settings: string
    updatedAt: string
  }
}
