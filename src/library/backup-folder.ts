import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { Failure } from '../novel/failure.ts'
import { syncFolder, writeWhole } from './atomic-file.ts'

/** The last file that is written: a folder with it is a whole backup. */
const manifestName = 'backup.json'

const manifest = z.object({
  format: z.literal(1),
  /** Of Nightjar. */
  version: z.string(),
  createdAt: z.string(),
  /** Below the backup, with `/`. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
})

export type Manifest = z.infer<typeof manifest>
export type BackedUpFile = Manifest['files'][number]

/** Where a backup is made until it is whole, and where an earlier one lies while it is replaced. */
const partialPath = (target: string): string => `${target}.partial`
const beforePath = (target: string): string => `${target}.before`

/**
 * The folder in which a backup is to be: missing, empty, or an earlier backup that is replaced. Throws `backup.occupied`
 * and `backup.failed`.
 */
export async function backupTarget(path: string, dataFolder: string): Promise<string> {
  const target = resolve(path)
  if ((target + sep).startsWith(dataFolder + sep)) throw new Failure('backup.inside', { folder: target })
  await finishReplacing(target)
  const names = await readdir(target).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new Failure('backup.failed', { folder: target, detail: error.message }, { cause: error })
  })
  if (names.length > 0 && !names.includes(manifestName))
    throw new Failure('backup.occupied', { folder: target })
  return target
}

/** Makes the folder for the parts, empty but for what `keep` names. */
export async function makePartial(target: string, keep: string): Promise<string> {
  const partial = partialPath(target)
  await mkdir(partial, { recursive: true, mode: 0o700 })
  for (const name of await readdir(partial)) {
    if (!name.startsWith(keep)) await rm(join(partial, name), { recursive: true, force: true })
  }
  return partial
}

/** Ends a backup: what it holds is written down, and it takes the place of an earlier one. */
export async function placeBackup(
  target: string,
  files: readonly BackedUpFile[],
  version: string,
): Promise<void> {
  const partial = partialPath(target)
  const written: Manifest = { format: 1, version, createdAt: new Date().toISOString(), files: [...files] }
  await writeWhole(partial, join(partial, manifestName), Buffer.from(JSON.stringify(written, null, 2)))
  for (const folder of new Set(files.map(({ path }) => dirname(join(partial, path)))))
    await syncFolder(folder)
  await rm(beforePath(target), { recursive: true, force: true })
  const isThere = (await stat(target).catch(() => undefined)) !== undefined
  if (isThere) await rename(target, beforePath(target))
  await rename(partial, target)
  await syncFolder(dirname(target))
  await rm(beforePath(target), { recursive: true, force: true })
}

/** After a crash between the two steps with which a backup takes the place of another. */
async function finishReplacing(target: string): Promise<void> {
  const isThere = (await stat(target).catch(() => undefined)) !== undefined
  if (!isThere) await rename(beforePath(target), target).catch(() => undefined)
}

/** Throws `restore.no-backup`. */
export async function readBackup(path: string): Promise<Manifest & { readonly folder: string }> {
  const folder = resolve(path)
  await finishReplacing(folder)
  try {
    const read = manifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
    if (read.files.every((file) => isBackedUp(file.path))) return { ...read, folder }
  } catch (cause) {
    throw new Failure('restore.no-backup', { folder }, { cause })
  }
  throw new Failure('restore.no-backup', { folder })
}

/** What may lie in a backup, so that no manifest names a file elsewhere. */
function isBackedUp(path: string): boolean {
  return /^(?:nightjar\.db|clips\.db|(?:sources|covers|voices)(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)+)$/.test(path)
}

/** Copies a file durably, and reads the copy once more: it is what was read, or this throws `backup.failed`. */
export async function copyVerified(from: string, to: string): Promise<Omit<BackedUpFile, 'path'>> {
  await mkdir(dirname(to), { recursive: true })
  const hash = createHash('sha256')
  let bytes = 0
  {
    await using file = await open(to, 'w')
    for await (const chunk of createReadStream(from, {
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
  }
  const sha256 = hash.digest('hex')
  if ((await digestOf(to)).sha256 !== sha256) {
    throw new Failure('backup.failed', { folder: dirname(to), detail: `${to} is not what was written` })
  }
  return { bytes, sha256 }
}

export async function digestOf(path: string): Promise<Omit<BackedUpFile, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
