import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it that are missing, as `mkdir -p`. Node's own recursive `mkdir` never ends where the
 * system says of a folder that is there that nothing can be made in it because it is not there, as `/proc` does. Throws
 * what the system says.
 */
export function makeFolders(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !exists(at); at = dirname(at)) missing.push(at)
  // It is there: what is no folder is named.
  if (missing.length === 0) mkdirSync(path, { recursive: true })
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder)
    } catch (error) {
      // Somebody else may have made it meanwhile.
      if (!exists(folder)) throw error
    }
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
