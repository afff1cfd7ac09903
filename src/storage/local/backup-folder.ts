import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { syncFolder, writeFileAtomically } from './durable-files.ts'

/** The manifest names the current backup of a folder. It is written last and replaces the earlier one by a rename. */
const manifestName = 'backup.json'
/** Locked while a backup is made. */
const lockName = '.nightjar-backup.lock'
/** Name of the folder with the files of one backup. Only such folders are ever removed. */
const contentName = /^nightjar-backup-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
/** Entries of an otherwise empty volume, and the lock. */
const ignoredNames = /^(?:\..*|lost\+found)$/

const manifest = z.object({
  format: z.union([z.literal(1), z.literal(2)]),
  /** Nightjar's version. */
  version: z.string(),
  createdAt: z.string(),
  /** Name of the folder with the files, beside the manifest. Format 1 has the files themselves beside the manifest. */
  content: z.string().regex(contentName).optional(),
  /** Paths are relative to that folder, separated by `/`. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
})

export type BackedUpFile = z.infer<typeof manifest>['files'][number]

export interface Backup {
  /** The backup folder's absolute path. */
  readonly folder: string
  readonly createdAt: string
  /** Absolute path of the folder with the files. */
  readonly content: string
  readonly files: readonly BackedUpFile[]
}

/**
 * Resolves and creates the target folder of a backup, which must be missing, empty, or hold an earlier backup. It may
 * be a mount point, so nothing is written beside it and it is never renamed. Throws `backup.occupied`, `backup.inside`,
 * `backup.failed`.
 */
export async function backupTarget(path: string, dataFolder: string): Promise<string> {
  const target = resolve(path)
  if ((target + sep).startsWith(dataFolder + sep)) throw new Failure('backup.inside', { folder: target })
  try {
    await mkdir(target, { recursive: true, mode: 0o700 })
    await access(target, constants.W_OK)
    const names = await readdir(target)
    const isFree = names.every((name) => ignoredNames.test(name) || contentName.test(name))
    if (!isFree && !names.includes(manifestName)) throw new Failure('backup.occupied', { folder: target })
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('backup.failed', { folder: target, detail: (error as Error).message }, { cause: error })
  }
  return target
}

export const backupLock = (target: string): string => join(target, lockName)

/** Creates the folder for a new backup's files and removes those of unfinished ones. The target must be locked. */
export async function beginBackup(target: string): Promise<string> {
  await discardUnfinishedBackup(target)
  const content = join(target, `nightjar-backup-${randomUUID()}`)
  await mkdir(content, { mode: 0o700 })
  return content
}

/** Removes the content folders that the manifest does not name; none if the manifest cannot be read. */
export async function discardUnfinishedBackup(target: string): Promise<void> {
  let current
  try {
    current = await readManifest(target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
  }
  await removeContents(target, current?.content)
}

/**
 * Commits a backup by writing its manifest, which replaces that of the earlier one, and removes the earlier files.
 * Killed at any moment, one of the two is complete.
 */
export async function commitBackup(
  target: string,
  content: string,
  files: readonly BackedUpFile[],
  version: string,
): Promise<void> {
  for (const folder of new Set(files.map(({ path }) => dirname(join(content, path)))))
    await syncFolder(folder)
  await syncFolder(content)
  await syncFolder(target)
  const previous = await readManifest(target).catch(() => undefined)
  const current: z.infer<typeof manifest> = {
    format: 2,
    version,
    createdAt: new Date().toISOString(),
    content: basename(content),
    files: [...files],
  }
  await writeFileAtomically(
    content,
    join(target, manifestName),
    Buffer.from(JSON.stringify(current, null, 2)),
  )
  // What cannot be removed stays until the next backup.
  await removeContents(target, basename(content)).catch(() => undefined)
  if (previous?.content === undefined)
    await removeListed(target, previous?.files ?? []).catch(() => undefined)
}

async function removeContents(target: string, but: string | undefined): Promise<void> {
  for (const name of await readdir(target)) {
    if (contentName.test(name) && name !== but) await rm(join(target, name), { recursive: true, force: true })
  }
}

/** Removes a backup of format 1: its files, and the folders that are empty afterwards. */
async function removeListed(target: string, files: readonly BackedUpFile[]): Promise<void> {
  for (const { path } of files) {
    await rm(join(target, path), { force: true })
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      await rmdir(join(target, folder)).catch(() => undefined)
  }
}

/** Reads the manifest of a backup folder. Throws `restore.no-backup`. */
export async function readBackup(path: string): Promise<Backup> {
  const folder = resolve(path)
  try {
    const { createdAt, content = '', files } = await readManifest(folder)
    return { folder, createdAt, content: join(folder, content), files }
  } catch (cause) {
    throw new Failure('restore.no-backup', { folder }, { cause })
  }
}

async function readManifest(folder: string): Promise<z.infer<typeof manifest>> {
  const parsed = manifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
  const invalid = parsed.files.find((file) => !isBackupPath(file.path))
  if (invalid) throw new Error(`the manifest names ${invalid.path}, which is no path of a backup`)
  return parsed
}

/** Whether a backup can contain this path; a manifest could otherwise name any file of the system. */
function isBackupPath(path: string): boolean {
  return /^(?:nightjar\.db|clips\.db|words\.tsv|(?:sources|covers|voices|imports)(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)+)$/.test(
    path,
  )
}

/** Copies a file durably and reads the copy again. Throws `backup.failed` if it differs from what was read. */
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

/** Size in bytes and SHA-256, hex. */
export async function digestOf(path: string): Promise<Omit<BackedUpFile, 'path'>> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
