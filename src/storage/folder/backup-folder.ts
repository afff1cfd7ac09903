import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { syncFolder, writeFileAtomically } from './durable-files.ts'

/** Says which backup is in a folder: it is written last, and takes the place of the one before in one step. */
const manifestName = 'backup.json'
/** Held while a backup is made. */
const lockName = '.nightjar-backup.lock'
/** In a folder of this name lie the files of one backup; such folders, and nothing else, are removed. */
const contentName = /^nightjar-backup-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
/** What a system puts into an empty volume, and our lock. */
const ignoredNames = /^(?:\..*|lost\+found)$/

const manifest = z.object({
  format: z.union([z.literal(1), z.literal(2)]),
  /** Of Nightjar. */
  version: z.string(),
  createdAt: z.string(),
  /** Beside the manifest: where the files lie. In format 1 they lie beside it themselves. */
  content: z.string().regex(contentName).optional(),
  /** Below that folder, with `/`. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
})

export type BackedUpFile = z.infer<typeof manifest>['files'][number]

export interface Backup {
  /** As it was named. */
  readonly folder: string
  readonly createdAt: string
  /** Where the files lie. */
  readonly content: string
  readonly files: readonly BackedUpFile[]
}

/**
 * The folder in which a backup is to be: missing, empty, or with an earlier backup. It may be a volume of its own, so
 * nothing is written beside it, and it is never renamed. Throws `backup.occupied`, `backup.inside`, `backup.failed`.
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

/** Makes the folder for the files of a new backup, with the target locked: what killed ones have left is removed. */
export async function beginBackup(target: string): Promise<string> {
  await discardUnfinishedBackup(target)
  const content = join(target, `nightjar-backup-${randomUUID()}`)
  await mkdir(content, { mode: 0o700 })
  return content
}

/** Removes what is no backup yet, or no longer: nothing if it cannot be read which one is. */
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
 * Ends a backup: what it holds is written down, by which it takes the place of an earlier one, and that is removed. Killed
 * at any moment, one of both is whole.
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
  const before = await readManifest(target).catch(() => undefined)
  const written: z.infer<typeof manifest> = {
    format: 2,
    version,
    createdAt: new Date().toISOString(),
    content: basename(content),
    files: [...files],
  }
  await writeFileAtomically(
    content,
    join(target, manifestName),
    Buffer.from(JSON.stringify(written, null, 2)),
  )
  // What resists stays until the next backup.
  await removeContents(target, basename(content)).catch(() => undefined)
  if (before?.content === undefined) await removeListed(target, before?.files ?? []).catch(() => undefined)
}

async function removeContents(target: string, but: string | undefined): Promise<void> {
  for (const name of await readdir(target)) {
    if (contentName.test(name) && name !== but) await rm(join(target, name), { recursive: true, force: true })
  }
}

/** A backup of format 1: its own files, and then the folders that are empty without them. */
async function removeListed(target: string, files: readonly BackedUpFile[]): Promise<void> {
  for (const { path } of files) {
    await rm(join(target, path), { force: true })
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
      await rmdir(join(target, folder)).catch(() => undefined)
  }
}

/** Throws `restore.no-backup`. */
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
  const read = manifest.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')))
  const strange = read.files.find((file) => !isBackedUp(file.path))
  if (strange) throw new Error(`a backup holds no ${strange.path}`)
  return read
}

/** What may lie in a backup, so that no manifest names a file elsewhere. */
function isBackedUp(path: string): boolean {
  return /^(?:nightjar\.db|clips\.db|words\.tsv|(?:sources|covers|voices)(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)+)$/.test(
    path,
  )
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
