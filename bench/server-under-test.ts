import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Health } from '../src/http/contract/health-contract.ts'
import { ServerProcess } from '../test/program/server-process.ts'
import { temporaryFolder } from '../test/program/temporary-folder.ts'
import { childrenOf } from './processes.ts'

export interface StudioProcess extends AsyncDisposable {
  readonly server: ServerProcess
  readonly pid: number
  /** The process ids of the speakers. */
  readonly speakers: readonly number[]
}

/** The real program with a speaker for each core, all of them alive, on a new data folder that goes with it, or on another. */
export async function startStudio(
  folder?: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<StudioProcess> {
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
    speakers: childrenOf(pid),
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
