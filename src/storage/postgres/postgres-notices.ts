import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import type { Notices } from '../notices.ts'
import { PostgresSession } from './postgres-session.ts'

const channel = 'nightjar'

/** Notices by LISTEN and NOTIFY: listens in a session of its own, and sends by the pool. */
export class PostgresNotices implements Notices {
  /** Postgres allows 7,999. */
  readonly maxBytes = 7900
  readonly #url: string
  readonly #db: Database
  #session: PostgresSession | undefined

  constructor(url: string, db: Database) {
    this.#url = url
    this.#db = db
  }

  async send(texts: readonly string[]): Promise<void> {
    await sql`
      SELECT pg_notify(${channel}, text) FROM unnest(${texts}::text[]) WITH ORDINALITY AS listed (text, place)
      ORDER BY place`.execute(this.#db)
  }

  async listen(listeners: Parameters<Notices['listen']>[0]): Promise<void> {
    let opened = false
    this.#session = await PostgresSession.open(this.#url, {
      onNotice: listeners.onNotice,
      onOpen: async ({ query }) => {
        await query(`LISTEN ${channel}`)
        if (opened) listeners.onMissed()
        opened = true
      },
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]()
  }
}
