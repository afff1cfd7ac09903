import { readFile } from 'node:fs/promises'

/** A style for each number of ids, from 1: a row of 256 floats. */
const rows = 510
const columns = 256

const styleTableBytes = 4 * rows * columns

/** The styles of one voice: how it sounds, by how many ids are spoken at once. */
export type StyleTable = Float32Array<ArrayBuffer>

/** Reads a voice's `.bin` file. Throws an `Error` with one sentence for users. */
export async function readStyleTable(path: string): Promise<StyleTable> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error('the voice’s table of styles cannot be read', { cause: error })
  })
  return parseStyleTable(bytes)
}

export function parseStyleTable(bytes: Uint8Array): StyleTable {
  if (bytes.length !== styleTableBytes)
    throw new Error(
      `it is no table of styles for Kokoro: it has ${bytes.length} bytes instead of ${styleTableBytes}`,
    )
  const table = new Float32Array(new Uint8Array(bytes).buffer)
  if (!table.every((value) => Math.abs(value) < 100))
    throw new Error('it is no table of styles for Kokoro: some of its values are none')
  return table
}

/** The style for this many ids, without those at both ends. */
export function styleFor(table: StyleTable, ids: number): StyleTable {
  const row = Math.min(Math.max(ids, 1), rows) - 1
  return table.slice(row * columns, (row + 1) * columns)
}

/** The weighted mean of several voices; the weights are positive and need not add up to 1. */
export function blendStyles(
  parts: readonly { readonly table: StyleTable; readonly weight: number }[],
): StyleTable {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return Float32Array.from({ length: rows * columns }, (_, at) =>
    parts.reduce((sum, { table, weight }) => sum + (table[at]! * weight) / total, 0),
  )
}
