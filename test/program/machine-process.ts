import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { waitUntil } from './wait-until.ts'

const bin = fileURLToPath(new URL('../../bin/nightjar.js', import.meta.url))
const faulty = fileURLToPath(new URL('./speak-with-faulty-engine.ts', import.meta.url))

export interface MachineOptions {
  readonly server: string
  readonly token: string
  readonly name: string
  /** Its cache is below. */
  readonly folder: string
  readonly speakers?: number
  /** `real`: `nightjar speak` as it is; left out: with the quick engine of the tests. */
  readonly engines?: 'real'
  /** Of Nightjar; left out: this one. */
  readonly version?: string
}

/** `nightjar speak` as a process of its own, to be drained and killed. */
export class MachineProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  /** What it printed and its log, one JSON object a line (level debug). */
  output = ''

  constructor({ server, token, name, folder, speakers = 1, engines, version }: MachineOptions) {
    const program =
      engines === 'real' ? [bin, 'speak'] : [faulty, ...(version === undefined ? [] : [version])]
    this.#child = spawn(process.execPath, program, {
      cwd: folder,
      env: {
        ...process.env,
        NIGHTJAR_SERVER: server,
        NIGHTJAR_TOKEN: token,
        NIGHTJAR_NAME: name,
        NIGHTJAR_SPEAKERS: String(speakers),
        NIGHTJAR_CACHE: folder,
        NIGHTJAR_LOG: 'debug',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => (this.output += String(chunk)))
    }
    this.#gone = new Promise((resolve) => {
      this.#child.once('close', () => resolve())
    })
  }

  /** Waits until the server has taken it. */
  async joined(): Promise<this> {
    const over = () => this.#child.exitCode !== null || this.#child.signalCode !== null
    await waitUntil(() => this.output.includes('speaks for') || over())
    if (!this.output.includes('speaks for')) throw new Error(`the machine ended: ${this.output}`)
    return this
  }

  /** The texts that it was given, as `NOVEL/CHAPTER/SEGMENT`, in order. */
  get given(): string[] {
    return this.output.split('\n').flatMap((line) => {
      if (!line.includes('"msg":"speaking"')) return []
      const { novelId, chapterNumber, index } = JSON.parse(line) as Record<string, string>
      return [`${novelId}/${chapterNumber}/${index}`]
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Waits for its end. Returns the exit code. */
  async ended(): Promise<number | null> {
    await this.#gone
    return this.#child.exitCode
  }

  /** `kill -9`; its workers end by themselves. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.kill()
  }
}
