import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const needsMount = 'needs the right to mount a file system in memory'

/** A disk of so many megabytes in memory, which can be filled to its last byte. `undefined` where it may not be mounted. */
export function smallDisk(megabytes: number) {
  const path = mkdtempSync(join(tmpdir(), 'nightjar-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'nightjar-test', path])
  if (mounted.status !== 0) {
    rmSync(path, { recursive: true })
    return undefined
  }
  const filling = join(path, 'filling')
  return {
    path,
    /** Until not one byte is left. */
    fill(): void {
      const file = openSync(filling, 'a')
      try {
        for (let bytes = 65_536; bytes > 0;) {
          try {
            writeSync(file, Buffer.alloc(bytes))
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
            bytes = bytes === 1 ? 0 : bytes >> 1
          }
        }
      } finally {
        closeSync(file)
      }
    },
    makeRoom: (): void => rmSync(filling, { force: true }),
    [Symbol.dispose](): void {
      spawnSync('umount', ['-l', path])
      rmSync(path, { recursive: true, force: true })
    },
  }
}
