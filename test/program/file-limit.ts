import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Where this is not, tests of a disk without room are skipped, for this reason. */
export const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0
export const needsPrlimit = 'needs prlimit, which comes with util-linux, to leave a process no room'

/**
 * From now on no file of a running process grows beyond the largest one below `folder` and `bytes` more: a write that
 * goes further is cut short, and the next one fails, as on a disk that is full (RLIMIT_FSIZE). The process can still
 * write to its databases. Returns the limit.
 */
export function leaveRoom(pid: number | undefined, folder: string, bytes: number): number {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
  const limit = Math.max(...sizes) + bytes
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:`])
  return limit
}

/** Takes the limit away. */
export function makeRoom(pid: number | undefined): void {
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=unlimited:'])
}
