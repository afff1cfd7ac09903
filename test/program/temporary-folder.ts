import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dropStorage } from './test-storage.ts'

/** What a test has killed may write into its folder until it is gone, which on a busy machine takes seconds. */
const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 150 }

/** A folder of its own, removed with the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'nightjar-'))
  return {
    path,
    async [Symbol.asyncDispose]() {
      await dropStorage(path)
      await rm(path, removal)
    },
  }
}
