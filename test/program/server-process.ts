import { type ChildProcess, spawn } from 'node:child_process'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ChapterListed, Novel, Progress } from '../../src/http/contract.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

export interface ServerOptions {
  readonly data: string
  readonly speakers?: number
  /** Further settings. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A data folder of its own, removed with the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'nightjar-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** The real program as a process of its own, on a free port, to be asked, stopped and killed. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  address = ''
  /** Lines of the log, one JSON object each (level debug). */
  log = ''

  private constructor({ data, speakers = 2, settings = {} }: ServerOptions) {
    this.#child = spawn(process.execPath, [cli, 'serve'], {
      env: {
        ...process.env,
        NIGHTJAR_DATA: data,
        NIGHTJAR_SPEAKERS: String(speakers),
        NIGHTJAR_LOG: 'debug',
        PORT: '0',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stderr?.on('data', (chunk) => (this.log += String(chunk)))
    this.#gone = new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
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
      server.#child.once('exit', (code) => {
        reject(new Error(`the server ended with code ${code}: ${server.log}`))
      })
    })
    return server
  }

  get exitCode(): number | null {
    return this.#child.exitCode
  }

  /** The speakers that are alive, by the log. */
  get speakers(): number[] {
    const pids = new Set<number>()
    for (const line of this.log.split('\n')) {
      if (line.includes('a speaker is ready')) pids.add((JSON.parse(line) as { pid: number }).pid)
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

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(new URL(path, this.address), init)
  }

  async json<T = Record<string, unknown>>(path: string, init?: RequestInit): Promise<T> {
    return (await (await this.fetch(path, init)).json()) as T
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** Uploads a file from the disk, or bytes under a name. */
  async upload(file: string | Uint8Array<ArrayBuffer>, name = 'book'): Promise<Response> {
    const form = new FormData()
    if (typeof file === 'string') form.append('file', await openAsBlob(file), basename(file))
    else form.append('file', new Blob([file]), name)
    return this.fetch('/api/novels', { method: 'POST', body: form })
  }

  async add(file: string | Uint8Array<ArrayBuffer>, name?: string): Promise<AddedNovel> {
    const response = await this.upload(file, name)
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as AddedNovel
  }

  /** Asks for chapters, or for all, and returns the progressId. */
  async generate(novelId: string, chapterNumbers?: readonly number[], more: object = {}): Promise<string> {
    const path = `/api/worker/generate/${chapterNumbers ? 'batch' : 'all'}`
    const response = await this.post(path, { novelId, ...(chapterNumbers && { chapterNumbers }), ...more })
    if (response.status !== 202) throw new Error(await response.text())
    return ((await response.json()) as { progressId: string }).progressId
  }

  async progress(progressId: string): Promise<Progress> {
    const { progress } = await this.json<{ progress: Progress }>(`/api/worker/progress/${progressId}`)
    return progress
  }

  /** Waits until a generation is as wanted. */
  async until(progressId: string, reached: (progress: Progress) => boolean): Promise<Progress> {
    for (;;) {
      const progress = await this.progress(progressId)
      if (reached(progress)) return progress
      await wait(50)
    }
  }

  finished(progressId: string): Promise<Progress> {
    return this.until(progressId, ({ status }) => ['completed', 'failed', 'cancelled'].includes(status))
  }
}

export interface AddedNovel {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
}
