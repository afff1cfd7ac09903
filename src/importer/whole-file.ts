import { readFile, stat } from 'node:fs/promises'
import { Failure } from '../novel/failure.ts'

/** Reads a file that is kept in memory as a whole. Throws `novel.hostile` beyond `most` bytes, before it is read. */
export async function readWhole(path: string, most: number): Promise<Buffer> {
  if ((await stat(path)).size > most)
    throw new Failure('novel.hostile', { detail: `it holds more than ${most / 1024 / 1024} MB of text` })
  return readFile(path)
}
