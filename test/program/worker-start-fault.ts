import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As long as it is held, speech workers of this process that are `hanging-speech-worker.ts` have this fault while they start. */
export async function startFault(fault: 'hangs' | 'ends'): Promise<AsyncDisposable> {
  const file = join(tmpdir(), `nightjar-${fault}-${process.pid}`)
  await writeFile(file, '')
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) }
}
