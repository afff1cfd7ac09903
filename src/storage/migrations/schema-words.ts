/** What a migration needs that SQLite and Postgres write differently. Identifiers with capitals are always quoted. */
export interface SchemaWords {
  readonly integer: string
  readonly real: string
  /** Ordered by bytes. */
  readonly text: string
  readonly bytes: string
  /** Column type of a primary key that the database assigns. */
  readonly id: string
  /** Likewise, and no id is ever used twice. */
  readonly lastingId: string
  /** Expression of the present time: ISO 8601 in UTC. */
  readonly now: string
  /**
   * A table. `rowless`: found by its primary key alone, so SQLite stores it in that index. `passing`: its rows change all
   * the time and need not survive a crash.
   */
  table(
    name: string,
    columns: string,
    options?: { readonly rowless?: boolean; readonly passing?: boolean },
  ): string
  index(name: string, table: string, columns: string, options?: { readonly unique?: boolean }): string
  /** Runs `run` after each row of `table` that is changed by `event`, if `when` holds; both name `old` and `new`. */
  trigger(trigger: {
    readonly name: string
    readonly event: 'INSERT' | 'DELETE' | `UPDATE OF ${string}`
    readonly table: string
    readonly when?: string
    readonly run: string
  }): readonly string[]
  dropTrigger(name: string, table: string): readonly string[]
  /** Inserts `column` of the deleted rows of `table` into the table `into`, which has this one column. */
  rememberDeleted(trigger: {
    readonly name: string
    readonly table: string
    readonly column: string
    readonly into: string
  }): readonly string[]
  /** What only a database needs that several servers may use. */
  amongServers(statements: readonly string[]): readonly string[]
  /** Large values of a column that are compressed already. */
  uncompressed(table: string, column: string): readonly string[]
}

/** A step of the schema: its statements in the words of one database. */
export type SchemaStep = (words: SchemaWords) => readonly string[]
