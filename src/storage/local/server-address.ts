import { rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { DataPaths } from './data-paths.ts'
import { isDiskFull } from './disk-space.ts'
import { writeFileAtomically } from './durable-files.ts'

const retryMs = 5000
const ownerOnly = 0o600

/**
 * Writes this server's address to `server.json` for the command line; on a full disk, as soon as there is space.
 * Disposing removes the file. `secret`: lets whoever can read the file do everything, as the database beside it does.
 */
export async function publishAddress(
  folder: DataPaths,
  address: string,
  secret?: string,
): Promise<AsyncDisposable> {
  const bytes = Buffer.from(JSON.stringify({ address, pid: process.pid, secret }))
  const stopping = new AbortController()
  const { signal } = stopping
  const write = (): Promise<void> =>
    writeFileAtomically(folder.temporary, folder.serverAddress, bytes, ownerOnly)
  const retryUntilWritten = async (): Promise<void> => {
    while (!signal.aborted) {
      await wait(retryMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      try {
        return await write()
      } catch (error) {
        if (!isDiskFull(error)) return
      }
    }
  }
  let writing = Promise.resolve()
  try {
    await write()
  } catch (error) {
    if (!isDiskFull(error)) throw error
    writing = retryUntilWritten()
  }
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort()
      await writing
      await rm(folder.serverAddress, { force: true })
    },
  }
}
