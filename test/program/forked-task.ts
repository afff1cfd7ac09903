import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of its own that runs a module with a task and sends messages, to be killed. */
export class ForkedTask<Message> implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly messages: Message[] = []

  private constructor(module: string, task: object) {
    this.#child = fork(fileURLToPath(module), [JSON.stringify(task)])
    this.#child.on('message', (message) => this.messages.push(message as Message))
  }

  /** `module`: an `import.meta.url`; the module finds the task by `taskOf`. */
  static async start<Message>(module: string, task: object): Promise<ForkedTask<Message>> {
    const started = new ForkedTask<Message>(module, task)
    await once(started.#child, 'spawn')
    return started
  }

  /** Waits until a message that came fits. Throws if the process ends before. */
  async until(fits: (messages: readonly Message[]) => boolean): Promise<void> {
    const exit = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the process ended with code ${code}`)
    })
    exit.catch(() => undefined)
    while (!fits(this.messages)) await Promise.race([once(this.#child, 'message'), exit])
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}

/** What `ForkedTask` has started this module with; `undefined` where it is imported. */
export function taskOf(module: string): unknown {
  const [task] = process.argv.slice(2)
  return process.argv[1] === fileURLToPath(module) && task !== undefined ? JSON.parse(task) : undefined
}
