import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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

  constructor(args: readonly string[], data: string) {
    const env = {
      ...process.env,
      NIGHTJAR_DATA: data,
      NIGHTJAR_SPEAKERS: '1',
      PORT: '0',
      FORCE_COLOR: undefined,
    }
    this.#child = spawn(process.execPath, [bin, ...args], { env, cwd: data, detached: true })
    let [out, err] = ['', '']
    this.#child.stdout?.on('data', (chunk) => (out += String(chunk)))
    this.#child.stderr?.on('data', (chunk) => (err += String(chunk)))
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => resolve({ code, out, err }))
    })
  }

  static run(args: readonly string[], data: string): Promise<Ended> {
    return new Command(args, data).ended
  }

  /** `kill -9` of the command and everything that it has started. */
  async kill(): Promise<void> {
    if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL')
    await this.ended
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
