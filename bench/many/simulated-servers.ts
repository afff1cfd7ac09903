import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Api } from '../../test/program/api-client.ts'
import { temporaryFolder } from '../../test/program/temporary-folder.ts'
import type { FromServer, ServerFigures, ToServer } from './server-with-speakers.ts'

const program = fileURLToPath(new URL('./server-with-speakers.ts', import.meta.url))

/** A server with its speakers, in a process of its own. */
export class SimulatedServer extends Api implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #folder: AsyncDisposable
  readonly #gone: Promise<unknown>
  /** Called when a segment of the urgent novel is begun; Unix milliseconds. */
  onUrgent: (chapter: number, at: number) => void = () => undefined

  private constructor(child: ChildProcess, folder: AsyncDisposable) {
    super('')
    this.#child = child
    this.#folder = folder
    this.#gone = once(child, 'exit')
    child.on('message', (message: FromServer) => {
      if (message.kind === 'urgent') this.onUrgent(message.chapter, message.at)
    })
  }

  static async start(
    settings: Readonly<Record<string, string>>,
    speakers: number,
    speakMs: number,
  ): Promise<SimulatedServer> {
    const folder = await temporaryFolder()
    const child = fork(program, [String(speakers), String(speakMs)], {
      env: {
        ...process.env,
        NIGHTJAR_DATA: folder.path,
        NIGHTJAR_SPEAKERS: '0',
        NIGHTJAR_LOG: 'warn',
        PORT: '0',
        ...settings,
      },
    })
    const server = new SimulatedServer(child, folder)
    const { address } = await server.#told('ready')
    server.address = address
    return server
  }

  tell(message: ToServer): void {
    this.#child.send(message)
  }

  async figures(): Promise<ServerFigures> {
    const told = this.#told('figures')
    this.tell({ kind: 'end' })
    return (await told).figures
  }

  async #told<Kind extends FromServer['kind']>(kind: Kind): Promise<Extract<FromServer, { kind: Kind }>> {
    const isWanted = (message: FromServer): message is Extract<FromServer, { kind: Kind }> =>
      message.kind === kind
    return new Promise((resolve, reject) => {
      const hear = (message: FromServer): void => {
        if (!isWanted(message)) return
        this.#child.off('message', hear)
        resolve(message)
      }
      this.#child.on('message', hear)
      this.#child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      this.tell({ kind: 'stop' })
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000)
      await this.#gone
      clearTimeout(timer)
    }
    await this.#folder[Symbol.asyncDispose]()
  }
}
