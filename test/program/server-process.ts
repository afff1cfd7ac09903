import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Api } from './api-client.ts'
import { storageSettings } from './test-storage.ts'

const bin = fileURLToPath(new URL('../../bin/nightjar.js', import.meta.url))

export interface ServerOptions {
  readonly data: string
  /** Left out: one. */
  readonly speakers?: number
  /** What runs, with its arguments; left out: `nightjar serve`. */
  readonly program?: readonly string[]
  /** What runs the program; left out: Node. */
  readonly executable?: string
  /** Further settings. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The real program as a process of its own, on a free port, to be asked, stopped and killed. */
export class ServerProcess extends Api implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  /** Lines of the log, one JSON object each (level debug). */
  log = ''

  private constructor(options: ServerOptions) {
    super('')
    const { data, speakers = 1, settings = {}, program = [bin, 'serve'] } = options
    this.#child = spawn(options.executable ?? process.execPath, [...program], {
      env: {
        ...process.env,
        NIGHTJAR_DATA: data,
        NIGHTJAR_SPEAKERS: String(speakers),
        NIGHTJAR_LOG: 'debug',
        PORT: '0',
        ...storageSettings(data),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stderr?.on('data', (chunk) => (this.log += String(chunk)))
    this.#gone = new Promise((resolve) => {
      // When it has ended and all that it said has been read, unless a child of it keeps its standard error open.
      this.#child.once('close', () => resolve())
      this.#child.once('exit', () => setTimeout(resolve, 10_000).unref())
    })
  }

  /** Starts the program and waits for its address. Throws with its log when it ends instead. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options)
    let said = ''
    server.address = await new Promise<string>((resolve, reject) => {
      server.#child.stdout?.on('data', (chunk) => {
        said += String(chunk)
        const match = /listening at (\S+)/.exec(said)
        if (match?.[1]) resolve(match[1])
      })
      server.#child.once('close', (code) => {
        reject(new Error(`the server ended with code ${code}: ${server.log}`))
      })
    })
    return server
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get exitCode(): number | null {
    return this.#child.exitCode
  }

  /** The speakers that are alive, by the log. */
  get speakers(): number[] {
    const pids = new Set<number>()
    for (const line of this.log.split('\n')) {
      if (line.includes('a speech worker is ready')) pids.add((JSON.parse(line) as { pid: number }).pid)
      if (line.includes('is replaced')) pids.delete((JSON.parse(line) as { pid: number }).pid)
    }
    return [...pids]
  }

  /** The keys that were handed to speakers, in order. */
  get handedOut(): string[] {
    return this.log
      .split('\n')
      .filter((line) => line.includes('"msg":"speaking"'))
      .map((line) => {
        const { recipe, words } = JSON.parse(line) as { recipe: string; words: string }
        return `${recipe}/${words}`
      })
  }

  /** `kill -9` of the server and of all its speakers. */
  async kill(): Promise<void> {
    for (const pid of [this.#child.pid, ...this.speakers]) {
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL')
      } catch {
        // It was gone already.
      }
    }
    await this.#gone
  }

  /** SIGTERM, and waits for the end. Returns the exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM')
    await this.#gone
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
  }
}
