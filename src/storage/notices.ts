/** Short texts from each server of a database to all others. They are hints: they may be lost, never the data. */
export interface Notices extends AsyncDisposable {
  /** Longest text, in bytes. */
  readonly maxBytes: number
  /** Reaches those that listen at this moment, this server too, in the order of sending. Throws the database's errors. */
  send(texts: readonly string[]): Promise<void>
  /** `onMissed`: the connection was lost and is there again; texts may have been missed. To be called once. */
  listen(listeners: {
    readonly onNotice: (text: string) => void
    readonly onMissed: () => void
  }): Promise<void>
}
