import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** Where the files of a backup lie. */
export const contentOf = (backup: string): string => join(backup, manifestOf(backup).content)

export function manifestOf(backup: string) {
  return JSON.parse(readFileSync(join(backup, 'backup.json'), 'utf8')) as {
    content: string
    files: { path: string; sha256: string }[]
  }
}

/** All that lies in a folder, with its bytes. */
function allIn(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true }) as string[]
  const files = names.toSorted().filter((name) => statSync(join(folder, name)).isFile())
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]))
}

/** The one backup that is there is whole, whatever else is. */
export function expectWhole(backup: string): void {
  const present = allIn(contentOf(backup))
  const { files } = manifestOf(backup)
  expect([...present.keys()]).toEqual(files.map(({ path }) => path).toSorted())
  for (const { path, sha256 } of files)
    expect(createHash('sha256').update(present.get(path)!).digest('hex'), path).toBe(sha256)
}
