import { flushCompileCache } from 'node:module'
import type { CliContext } from './client.ts'

/** What is in the air is handed back well within this; a second signal does not wait. */
const shutdownTimeoutMs = 5000

/** Runs until SIGTERM or SIGINT. */
export async function serve({ settings, start }: CliContext): Promise<number> {
  const stopped = Promise.withResolvers<void>()
  const server = await start(settings, {})
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopped.resolve())
  }
  console.log(`Nightjar is listening at ${server.address}`)
  // Node keeps what it has compiled when a process ends by itself, which a killed one never does.
  flushCompileCache()
  await stopped.promise
  setTimeout(() => process.exit(1), shutdownTimeoutMs).unref()
  await server.stop()
  return 0
}
