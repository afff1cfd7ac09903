import { open } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'
import type { FileSigns } from './book-format.ts'
import { isZip } from './foreign-formats.ts'
import { ZipArchive } from './zip-archive.ts'

const headBytes = 4096
const startBytes = 256 * 1024

/** Reads what tells a file's format: its first bytes, and of a zip the paths in it. */
export async function readSigns(path: string): Promise<FileSigns> {
  const start = await firstBytes(path, startBytes)
  const head = start.subarray(0, headBytes)
  return isZip(head) ? { head, names: await namesIn(path) } : { head, start }
}

/** Whether a file is a zip, of which no more than its first bytes is read. */
export async function isZipFile(path: string): Promise<boolean> {
  return isZip(await firstBytes(path, headBytes))
}

async function firstBytes(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(most), 0, most, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** None of a zip that cannot be opened: its reader says what is wrong with it. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    const archive = await ZipArchive.open(path)
    await archive.close()
    return archive.names
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}
