import type { Database } from '../storage/database-tables.ts'
import { hasPeople } from '../storage/queries/people-queries.ts'
import { newSetupCode } from './account-links.ts'

/** Has a code at hand, where somebody with access to the server finds it, as long as there is no first admin. */
export class SetupOffer {
  readonly #db: Database
  readonly #announce: (code: string) => void
  #until = -Infinity
  #making: Promise<void> | undefined

  /** `announce` writes it where whoever runs the server reads it. Of several servers each has a code of its own. */
  constructor(db: Database, announce: (code: string) => void) {
    this.#db = db
    this.#announce = announce
  }

  /** A new code at the start, and when the last one has expired. */
  async offer(): Promise<void> {
    if (Date.now() < this.#until) return
    this.#making ??= this.#make().finally(() => (this.#making = undefined))
    await this.#making
  }

  async #make(): Promise<void> {
    if (await hasPeople(this.#db)) return
    const { code, until } = await newSetupCode(this.#db)
    this.#until = until
    this.#announce(code)
  }
}
