import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A forked process that answers each message with one message. */
export class WorkerProcess<Question, Answer> implements Disposable {
  readonly #child: ChildProcess

  constructor(module: URL, args: readonly string[] = []) {
    this.#child = fork(module, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
  }

  /** Throws if the process ends without an answer. */
  async ask(question: Question): Promise<Answer> {
    const over = new AbortController()
    const answered = once(this.#child, 'message', over).then(([answer]) => answer as Answer)
    const ended = once(this.#child, 'exit', over).then(([code]): never => {
      throw new Error(`the process ended with code ${code}`)
    })
    try {
      this.#child.send(question as object)
      return await Promise.race([answered, ended])
    } finally {
      over.abort()
      await Promise.allSettled([answered, ended])
    }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}
