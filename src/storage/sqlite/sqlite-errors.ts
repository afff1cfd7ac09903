import { extendedCode, isSqliteFull } from '../storage-errors.ts'

const noSharedMemory = new Set([4618, 4874, 5386])

/** The disk has no space for the shared-memory file (`-shm`), the index of the write-ahead log. */
export function lacksSharedMemory(error: unknown): boolean {
  return noSharedMemory.has(extendedCode(error) ?? 0) || isSqliteFull(error)
}
