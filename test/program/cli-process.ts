import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { storageSettings } from './test-storage.ts'

const bin = fileURLToPath(new URL('../../bin/nightjar.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** `nightjar …` as somebody types it, in a process group of its own. */
export class Command {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #out: Buffer[] = []
  /** What it has written to its standard error so far. */
  err = ''

  /** `fileBytes`: no file that it writes may have more; a write that goes further fails as on a full disk. */
  constructor(
    args: readonly string[],
    data: string,
    fileBytes?: number,
    settings: Readonly<Record<string, string>> = {},
  ) {
    const env = {
      ...process.env,
      NIGHTJAR_DATA: data,
      NIGHTJAR_SPEAKERS: '1',
      PORT: '0',
      FORCE_COLOR: undefined,
      ...storageSettings(data),
      ...settings,
    }
    const limit = fileBytes === undefined ? [] : ['prlimit', `--fsize=${fileBytes}:`]
    const [program = '', ...rest] = [...limit, process.execPath, bin, ...args]
    this.#child = spawn(program, rest, { env, cwd: data, detached: true })
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#out.push(chunk))
    this.#child.stderr?.on('data', (chunk) => (this.err += String(chunk)))
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) =>
        resolve({ code, out: Buffer.concat(this.#out).toString(), err: this.err }),
      )
    })
  }

  static run(args: readonly string[], data: string, fileBytes?: number): Promise<Ended> {
    return new Command(args, data, fileBytes).ended
  }

  /** What a command writes to its standard output. Throws what it complains of. */
  static async bytes(args: readonly string[], data: string): Promise<Buffer> {
    const command = new Command(args, data)
    const { code, err } = await command.ended
    if (code !== 0) throw new Error(err)
    return Buffer.concat(command.#out)
  }

  /** `kill -9` of the command and everything that it has started. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    await this.ended
  }

  /** Reads what comes first of its standard output and no more, as `head` does. */
  hangUp(): void {
    this.#child.stdout?.once('data', () => this.#child.stdout?.destroy())
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
