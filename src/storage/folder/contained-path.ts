import type { Stats } from 'node:fs'
import { constants, lstat, open } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Whether it is the name of a file in its folder and nothing else, on every system: no separator, no way up, no drive,
 * no stream. What was read from a file or a database may say anything.
 */
export function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\:\0]/.test(name)
}

/** `folder/name`. Throws where the name would lead out of the folder. */
export function inFolder(folder: string, name: string): string {
  if (!isPlainName(name)) throw new Error(`${JSON.stringify(name)} is not the name of a file in ${folder}`)
  return join(folder, name)
}

/** `root/a/b` of `a/b`; `undefined` where a step of it is not a plain name. */
export function pathBelow(root: string, path: string): string | undefined {
  const steps = path.split('/')
  return steps.every(isPlainName) ? join(root, ...steps) : undefined
}

/**
 * The first step of a path below `root` that is no folder of its own, as `a/b`: a symbolic link leads elsewhere, and a
 * file holds nothing. `undefined` if there is none; what is not there yet is none.
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

/** What is at a path itself, be it a symbolic link; `undefined` for nothing. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * The bytes of an ordinary file; `undefined` if it is anything else (a link, a pipe, which would wait for ever) or has
 * more than `mostBytes`. Throws what the file system says.
 */
export async function readPlainFile(path: string, mostBytes: number): Promise<Buffer | undefined> {
  // Windows has the first of them only; what is not there counts as no bit.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    const stats = await file.stat()
    return stats.isFile() && stats.size <= mostBytes ? await file.readFile() : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') return undefined
    throw error
  }
}
