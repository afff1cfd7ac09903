import type { Stats } from 'node:fs'
import { constants, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Whether `name` can only be a file directly in its folder, on every system: no separator, `..`, drive or stream. To be
 * checked for every name that comes from a file or a database.
 */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\:\0]/.test(name)
}

/** `folder/name`. Throws if `name` is not a plain name. */
export function inFolder(folder: string, name: string): string {
  if (!isPlainName(name)) throw new Error(`${JSON.stringify(name)} is not the name of a file in ${folder}`)
  return join(folder, name)
}

/** `root/a/b` for `a/b`; `undefined` if a step of the path is not a plain name. */
export function pathBelow(root: string, path: string): string | undefined {
  const steps = path.split('/')
  return steps.every(isPlainName) ? join(root, ...steps) : undefined
}

/**
 * The first step of a path below `root`, as `a/b`, that exists and is not a folder: a symbolic link, which leads
 * elsewhere, or a file. `undefined` if there is none.
 */
export async function firstNonFolderStep(root: string, path: string): Promise<string | undefined> {
  const steps = path.split('/')
  for (const at of steps.keys()) {
    const step = steps.slice(0, at + 1).join('/')
    const found = await entryAt(join(root, step))
    if (found === undefined) return undefined
    if (!found.isDirectory()) return step
  }
  return undefined
}

/** The entry at a path, without following a symbolic link; `undefined` if there is none. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The bytes of an ordinary file; `undefined` if it is anything else (a link; a pipe, which would block for ever) or has
 * more than `maxBytes`. Throws the file system's error.
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<Buffer | undefined> {
  // Windows has only the first of them; an undefined flag adds no bit.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = await file.stat()
    return stats.isFile() && stats.size <= maxBytes ? await file.readFile() : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return undefined
    throw error
  }
}
