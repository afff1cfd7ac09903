import { createServer } from 'node:net'

/** Below the ports that a system gives to connections by itself, any of which may be taken before it is used. */
const [lowest, count] = [20_000, 12_000]
/** Each of the processes in which test files run has its own of them. */
const share = count / 12
const first = lowest + (Number(process.env['VITEST_POOL_ID'] ?? 0) % 12) * share

/** A port that nobody listens at, for a program that cannot choose one by itself. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * share)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
