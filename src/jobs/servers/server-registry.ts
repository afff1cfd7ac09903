import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import {
  deleteServer,
  deleteSilentServers,
  liveServers,
  saveServer,
  type ServerRow,
} from '../../storage/queries/server-queries.ts'
import {
  type BackendRate,
  type ServerAddress,
  type ServerDirectory,
  type ServerState,
  sumOfRates,
} from './server-directory.ts'

export interface ServerRegistryParts {
  readonly db: Database
  readonly id: string
  /** How this server is now. */
  readonly own: () => ServerState
  readonly log: Logger
}

/** How often a server writes that it lives. */
const beatMs = 5000
/** One that was not seen for three beats is not asked any more. */
const aliveMs = 3 * beatMs
const keptMs = 60_000
/** A server whose address is not known is looked for this often. */
const lookUpMs = 500

/** The servers of one database, by their rows in `servers`. Stop it with `stop`. */
export class ServerRegistry implements ServerDirectory {
  readonly id: string
  readonly #parts: ServerRegistryParts
  #address: string | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #writeAgain = false
  #others: readonly ServerRow[] = []
  #otherStates: readonly ServerState[] = []
  #readAt = 0

  constructor(parts: ServerRegistryParts) {
    this.#parts = parts
    this.id = parts.id
  }

  async start(address: string): Promise<void> {
    this.#address = address
    this.#timer = setInterval(() => void this.#beat(), beatMs).unref()
    await this.#beat()
  }

  async states(): Promise<readonly ServerState[]> {
    await this.#read()
    return [this.#parts.own(), ...this.#otherStates]
  }

  get speakersElsewhere(): number {
    return this.#otherStates.reduce((sum, state) => sum + speakersOf(state).slots, 0)
  }

  async speakingServers(): Promise<readonly ServerAddress[]> {
    if (Date.now() - this.#readAt >= lookUpMs) await this.#read()
    const speaking = this.#otherStates
      .map((state) => ({ id: state.server.id, ...speakersOf(state) }))
      .filter(({ slots }) => slots > 0)
      .toSorted((one, other) => other.slots - other.busy - (one.slots - one.busy))
    return speaking.flatMap(({ id }) => this.#others.find((other) => other.id === id) ?? [])
  }

  rateElsewhere(backend: string): BackendRate | undefined {
    const rates = this.#otherStates.flatMap((state) => state.rates[backend] ?? [])
    return rates.length === 0 ? undefined : sumOfRates(rates)
  }

  async addressOf(id: string): Promise<string | undefined> {
    const known = (): string | undefined => this.#others.find((other) => other.id === id)?.address
    if (known() === undefined && Date.now() - this.#readAt >= lookUpMs) await this.#read()
    return known()
  }

  announce(): Promise<void> {
    if (this.#address === undefined) return Promise.resolve()
    if (this.#writing) {
      this.#writeAgain = true
      return this.#writing
    }
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#address = undefined
    await this.#writing
    await deleteServer(this.#parts.db, this.id).catch((err: unknown) =>
      this.#parts.log.warn({ err }, 'the other servers could not be told that this one stops'),
    )
  }

  async #beat(): Promise<void> {
    try {
      await this.announce()
      await deleteSilentServers(this.#parts.db, keptMs)
      await this.#read()
    } catch (err) {
      this.#parts.log.warn({ err }, 'the other servers could not be told that this one lives')
    }
  }

  /** What changes while it is written is written once more. */
  async #write(): Promise<void> {
    do {
      this.#writeAgain = false
      const address = this.#address
      if (address === undefined) return
      await saveServer(this.#parts.db, { id: this.id, address, state: JSON.stringify(this.#parts.own()) })
    } while (this.#writeAgain)
  }

  async #read(): Promise<void> {
    this.#readAt = Date.now()
    const rows = await liveServers(this.#parts.db, aliveMs)
    this.#others = rows.filter(({ id }) => id !== this.id)
    const { version } = this.#parts.own().server
    // During an upgrade servers of two versions may live side by side; what the other describes is not for this one.
    this.#otherStates = this.#others
      .map(({ state }) => JSON.parse(state) as ServerState)
      .filter(({ server }) => server.version === version)
  }
}

/** Texts that a server and its machines can speak at the same time, and how many they do. */
function speakersOf({ server, machines }: ServerState): { readonly slots: number; readonly busy: number } {
  const places = [server, ...machines.filter(({ state }) => state === 'active')]
  const sum = (of: (place: (typeof places)[number]) => number) =>
    places.reduce((total, place) => total + of(place), 0)
  return { slots: sum(({ slots }) => slots), busy: sum(({ leases }) => leases.length) }
}
