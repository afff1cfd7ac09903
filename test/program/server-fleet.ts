import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createToken } from '../../src/accounts/access-tokens.ts'
import type { Progress } from '../../src/http/contract/generation-contract.ts'
import { openObjectStore } from '../../src/composition/open-object-store.ts'
import { readSettings } from '../../src/config.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { openDataFolder } from '../../src/storage/local/data-paths.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { openPostgresBesideServer } from '../../src/storage/postgres/postgres-database.ts'
import { Api } from './api-client.ts'
import { freePort } from './free-port.ts'
import { MachineProcess } from './machine-process.ts'
import { startNginx } from './nginx.ts'
import { PostgresCluster } from './postgres-cluster.ts'
import { S3Server } from './s3-server.ts'
import { ServerProcess } from './server-process.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { waitUntil } from './wait-until.ts'

const program = fileURLToPath(new URL('./serve-with-faulty-engine.ts', import.meta.url))
export const fleetVoice = 'odd:hum'

/** The file that compose.yaml gives nginx, with the ports of this machine instead of Docker's names. */
function nginxConfig(port: number, servers: readonly number[]): string {
  const given = readFileSync(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8')
  const listed = servers.map((each) => `server 127.0.0.1:${each} max_fails=1 fail_timeout=1s;`).join(' ')
  return given
    .replace(/^resolver .*$/m, '')
    .replace(/server server:4747 [^;]*;/, listed)
    .replace('listen 4747', `listen 127.0.0.1:${port}`)
}

/**
 * Several servers on one Postgres and one S3 server behind an nginx, which only answer, and machines that speak for
 * whichever of them the nginx chooses. All of it can be killed and started again.
 */
export class ServerFleet implements AsyncDisposable {
  /** Asks through the nginx. */
  readonly api: Api
  readonly cluster: PostgresCluster
  readonly s3: S3Server
  readonly #closing: AsyncDisposableStack
  readonly #start: (at: number) => Promise<ServerProcess>
  readonly #folder: string
  readonly #servers: (ServerProcess | undefined)[]
  /** All that ever were, in the order in which they began. */
  readonly machines: MachineProcess[] = []
  #token = ''

  private constructor(parts: {
    readonly api: Api
    readonly cluster: PostgresCluster
    readonly s3: S3Server
    readonly closing: AsyncDisposableStack
    readonly start: (at: number) => Promise<ServerProcess>
    readonly folder: string
    readonly servers: ServerProcess[]
  }) {
    this.api = parts.api
    this.cluster = parts.cluster
    this.s3 = parts.s3
    this.#closing = parts.closing
    this.#start = parts.start
    this.#folder = parts.folder
    this.#servers = parts.servers
  }

  static async start(count: number): Promise<ServerFleet> {
    await using closing = new AsyncDisposableStack()
    const cluster = closing.use(new PostgresCluster({ durable: true }))
    const s3 = closing.use(await S3Server.start())
    const folder = closing.use(await temporaryFolder()).path
    const ports: number[] = []
    for (let at = 0; at < count; at++) ports.push(await freePort())
    const start = (at: number): Promise<ServerProcess> =>
      ServerProcess.start({
        data: `${folder}/server-${at}`,
        speakers: 0,
        program: [program],
        settings: { NIGHTJAR_DATABASE: cluster.url(), PORT: String(ports[at]), ...s3.settings('fleet') },
      })
    const servers: ServerProcess[] = []
    // One after the other: the first makes the tables.
    for (let at = 0; at < count; at++) servers.push(closing.use(await start(at)))
    const port = await freePort()
    const nginx = closing.use(await startNginx(port, nginxConfig(port, ports)))
    const api = new Api(nginx.address)
    const fleet = new ServerFleet({ api, cluster, s3, folder, start, servers, closing: closing.move() })
    const db = openPostgresBesideServer(cluster.url())
    fleet.#token = (await createToken(db, { name: 'machines', scopes: ['speak'] })).secret
    await db.destroy()
    return fleet
  }

  /** Starts a machine that knows the address of the nginx alone. */
  machine(name: string, speakers = 1): MachineProcess {
    const machine = new MachineProcess({
      server: this.api.address,
      token: this.#token,
      name,
      folder: this.#folder,
      speakers,
    })
    this.machines.push(machine)
    return machine
  }

  server(at: number): ServerProcess {
    const server = this.#servers[at]
    if (!server) throw new Error(`server ${at} does not run`)
    return server
  }

  /** `kill -9`. */
  async killServer(at: number): Promise<void> {
    await this.server(at).kill()
    this.#servers[at] = undefined
  }

  async startServer(at: number): Promise<void> {
    this.#servers[at] = await this.#start(at)
  }

  /** Repeats a request until it is answered without trouble: meanwhile whole parts may be away. */
  async patiently<T>(ask: (api: Api) => Promise<T>, ms = 60_000): Promise<T> {
    const end = Date.now() + ms
    for (;;) {
      try {
        return await ask(this.api)
      } catch (error) {
        if (Date.now() > end) throw error
        await wait(200)
      }
    }
  }

  /** Waits until a generation is as wanted, whatever happens to the servers meanwhile. */
  async until(progressId: string, reached: (progress: Progress) => boolean): Promise<Progress> {
    let progress: Progress | undefined
    await waitUntil(
      async () => reached((progress = await this.patiently((api) => progressOf(api, progressId)))),
      () => `with ${String(reached)}, and not ${JSON.stringify(progress)}`,
    )
    return progress as Progress
  }

  finished(progressId: string): Promise<Progress> {
    return this.until(progressId, ({ status }) => ['completed', 'failed', 'cancelled'].includes(status))
  }

  /** Texts that were given to machines more than once. */
  get spokenTwice(): number {
    const given = this.machines.flatMap((machine) => machine.given)
    return given.length - new Set(given).size
  }

  /** Stops the servers, and hands out the database and the objects that they used. */
  async stopServers<T>(use: (storage: { db: Database; objects: ObjectStore }) => Promise<T>): Promise<T> {
    for (const server of this.#servers) await server?.stop()
    const settings = readSettings({
      NIGHTJAR_DATA: `${this.#folder}/afterwards`,
      NIGHTJAR_DATABASE: this.cluster.url(),
      ...this.s3.settings('fleet'),
    })
    const objects = await openObjectStore(settings, openDataFolder(settings.NIGHTJAR_DATA))
    const db = openPostgresBesideServer(this.cluster.url())
    try {
      return await use({ db, objects })
    } finally {
      await db.destroy()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const machine of this.machines) await machine[Symbol.asyncDispose]()
    for (const server of this.#servers) await server?.[Symbol.asyncDispose]()
    await this.#closing.disposeAsync()
  }
}

async function progressOf(api: Api, id: string): Promise<Progress> {
  const response = await api.fetch(`/api/worker/progress/${id}`)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as { progress: Progress }).progress
}

/** SHA-256 of each chapter's audio. */
export async function chapterSums(api: Api, novelId: string, chapters: readonly number[]): Promise<string[]> {
  const sums: string[] = []
  for (const number of chapters) {
    const response = await api.fetch(
      `/api/novels/${novelId}/chapters/${number}/audio.m4a?voice=${fleetVoice}`,
    )
    if (!response.ok) throw new Error(`chapter ${number}: ${response.status} ${await response.text()}`)
    sums.push(
      createHash('sha256')
        .update(await response.bytes())
        .digest('hex'),
    )
  }
  return sums
}
