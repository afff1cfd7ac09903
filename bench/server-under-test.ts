import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Health } from '../src/http/contract/health-contract.ts'
import { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { childrenOf } from './processes.ts'

export interface ServerUnderTest extends AsyncDisposable {
  readonly server: ServerProcess
  readonly pid: number
  /** Process ids of the speech workers. */
  readonly workers: readonly number[]
}

/**
 * Starts the real program with a speech worker for each core and waits until all are alive. Without `folder` it uses a
 * temporary data folder, removed on dispose.
 */
export async function startServerUnderTest(
  folder?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerUnderTest> {
  await using stack = new AsyncDisposableStack()
  const data = folder ?? stack.use(await temporaryFolder()).path
  const server = await ServerProcess.start({
    data,
    speakers: availableParallelism(),
    settings: { NIGHTJAR_LOG: 'warn', ...settings },
  })
  stack.defer(async () => void (await server.stop()))
  await untilHealthy(server, ({ speakers }) => speakers.alive === speakers.wanted)
  const pid = serverPid(data)
  const opened = stack.move()
  return {
    server,
    pid,
    workers: childrenOf(pid),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

export async function untilHealthy(
  server: ServerProcess,
  reached: (health: Health) => boolean,
): Promise<void> {
  while (!reached(await server.json<Health>('/api/health'))) await wait(20)
}

function serverPid(data: string): number {
  return (JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')) as { pid: number }).pid
}
