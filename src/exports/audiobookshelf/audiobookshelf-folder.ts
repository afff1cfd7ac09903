import { createHash, randomUUID } from 'node:crypto'
import { cp, mkdir, open, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { fileName } from '../../novel/file-name.ts'
import {
  entryAt,
  firstNonFolderStep,
  inFolder,
  isPlainName,
  pathBelow,
  readPlainFile,
} from '../../storage/local/contained-path.ts'
import { isDiskFull, reserveBytes } from '../../storage/local/disk-space.ts'
import { syncFolder } from '../../storage/local/durable-files.ts'

/** A file of a book, by its name in the book's folder. */
export interface AudiobookshelfFile {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What determines the path of a book. */
export interface AudiobookshelfPlace {
  /** Empty if unknown. */
  readonly author: string
  readonly title: string
  readonly series?: { readonly name: string; readonly position?: string } | undefined
}

/** Marks a folder as Nightjar's and names its novel; audiobookshelf ignores names that begin with a dot. */
const markerName = '.nightjar.json'
const marker = z.object({
  novelId: z.string(),
  /** See `AudiobookshelfBook`. */
  fingerprint: z.string(),
  /** Relative to the root. */
  path: z.string().refine((path) => pathBelow('', path) !== undefined),
  /** The files that Nightjar wrote: hex SHA-256 by name. */
  files: z.record(z.string().refine(isPlainName), z.string()),
})
type FolderMarker = z.infer<typeof marker>

const temporaryFolderName = /^\.nightjar-(?:new|old)-[0-9a-f-]{36}$/
/** Files in which audiobookshelf, if so configured, stores a user's corrections. */
const correctableNames = /^(?:metadata\.json|cover\.\w+)$/
const maxCopies = 99
/** Ten times the marker of a book of ten thousand chapters with long names. */
const maxMarkerBytes = 32 * 1024 * 1024

/** The absolute path of the configured folder; `undefined` if the setting is empty. */
export function audiobookshelfRoot(setting: string): string | undefined {
  return setting === '' ? undefined : resolve(setting)
}

/**
 * Reads the marker of a book's folder: `'foreign'` if the folder is not Nightjar's, `undefined` if there is none. Other
 * programs can write there too, so a marker that names anything outside its folder, or is behind a symbolic link, is
 * foreign.
 */
export async function readMarker(root: string, path: string): Promise<FolderMarker | 'foreign' | undefined> {
  const folder = pathBelow(root, path)
  if (folder === undefined || (await firstNonFolderStep(root, path)) !== undefined) return 'foreign'
  if (!(await entryAt(folder))) return undefined
  try {
    const bytes = await readPlainFile(join(folder, markerName), maxMarkerBytes)
    return marker.safeParse(JSON.parse(String(bytes))).data ?? 'foreign'
  } catch {
    return 'foreign'
  }
}

/** The first path for a novel that is free or already its own. Throws `audiobookshelf.unwritable`. */
export async function findPlace(root: string, place: AudiobookshelfPlace, novelId: string): Promise<string> {
  for (let copy = 1; copy <= maxCopies; copy++) {
    const path = bookPath(place, copy)
    // If a parent is not a folder, the next copy's path fails too.
    const blocked = await firstNonFolderStep(root, path)
    if (blocked !== undefined && blocked !== path) throw noFolder(root, blocked)
    const found = await readMarker(root, path)
    if (found === undefined || (found !== 'foreign' && found.novelId === novelId)) return path
  }
  throw new Error(`all ${maxCopies} folder names for "${place.title}" are taken`)
}

/**
 * Writes a book atomically: into a temporary folder, synced, then renamed into place. The novel's previous export is
 * replaced; files that others have added to it are kept. `bytes`: approximate total size of all files. Throws what
 * `files` throws, the signal's reason, `audiobookshelf.missing`, `audiobookshelf.full`, and the file system's errors.
 */
export async function writeBook(
  root: string,
  book: Pick<FolderMarker, 'novelId' | 'fingerprint' | 'path'>,
  { files, bytes }: { readonly files: AsyncIterable<AudiobookshelfFile>; readonly bytes: number },
  signal: AbortSignal,
): Promise<void> {
  const temporary = join(root, `.nightjar-new-${randomUUID()}`)
  try {
    await requireRoot(root)
    await requireSpace(root, bytes)
    await mkdir(temporary)
    const written: Record<string, string> = {}
    for await (const { name, content } of files) {
      written[name] = await writeFile(inFolder(temporary, name), content, signal)
    }
    const own: FolderMarker = { ...book, files: written }
    await writeFile(join(temporary, markerName), [Buffer.from(JSON.stringify(own, null, 1))], signal)
    const old = await readMarker(root, book.path)
    if (old === 'foreign' || (old && old.novelId !== book.novelId)) {
      throw new Error(`${book.path} was taken by another book or program meanwhile`)
    }
    if (old) await keepForeignFiles(join(root, book.path), temporary, old)
    await syncFolder(temporary)
    await putInPlace(root, temporary, book.path)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

/** Removes a novel's previous export: its own files, then the folders that are empty afterwards. */
export async function removeBook(root: string, path: string, novelId: string): Promise<void> {
  const found = await readMarker(root, path)
  if (found === undefined || found === 'foreign' || found.novelId !== novelId) return
  const others = (await readdir(join(root, path))).filter(
    (name) => name !== markerName && !(name in found.files),
  )
  for (const name of [...Object.keys(found.files), markerName]) {
    const entry = inFolder(join(root, path), name)
    if ((await entryAt(entry))?.isFile()) await rm(entry, { force: true })
  }
  if (others.length > 0) return
  for (let folder = join(root, path); folder !== root; folder = dirname(folder)) {
    // rmdir fails on a folder that is not empty: it stays.
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    )
    if (!removed) return
  }
}

/**
 * Recovers from a crash during `writeBook`: deletes temporary folders, and restores a previous export that was moved
 * away before its replacement was in place. Returns the names of the folders that were found.
 */
export async function sweepAudiobookshelf(root: string): Promise<string[]> {
  const found = (await readdir(root).catch(() => [])).filter((name) => temporaryFolderName.test(name))
  for (const name of found) {
    const left = name.startsWith('.nightjar-old-') ? await readMarker(root, name) : undefined
    if (left && left !== 'foreign' && (await isFree(root, left.path))) {
      await rename(join(root, name), join(root, left.path))
    } else {
      await rm(join(root, name), { recursive: true, force: true })
    }
  }
  return found
}

/** Whether a book can be restored to a path: it is inside the root and nothing is there. */
async function isFree(root: string, path: string): Promise<boolean> {
  return (await firstNonFolderStep(root, path)) === undefined && !(await entryAt(join(root, path)))
}

/** Returns the hex SHA-256 of the content. */
async function writeFile(
  path: string,
  content: AudiobookshelfFile['content'],
  signal: AbortSignal,
): Promise<string> {
  await using file = await open(path, 'wx')
  const hash = createHash('sha256')
  for await (const bytes of content) {
    signal.throwIfAborted()
    // FileHandle.write may write only a part of the bytes; appendFile writes all.
    await file.appendFile(bytes)
    hash.update(bytes)
  }
  await file.sync()
  return hash.digest('hex')
}

/** Copies the files that others have added to the previous export or corrected in it. */
async function keepForeignFiles(from: string, to: string, old: FolderMarker): Promise<void> {
  const fresh = new Set(await readdir(to))
  for (const name of await readdir(from)) {
    if (name === markerName) continue
    const ours = Object.hasOwn(old.files, name) ? old.files[name] : undefined
    const keep =
      ours !== undefined && correctableNames.test(name)
        ? await isChanged(join(from, name), ours)
        : ours === undefined && !fresh.has(name)
    if (!keep) continue
    await cp(join(from, name), join(to, name), { recursive: true, force: true, verbatimSymlinks: true })
  }
}

/** Whether a small file differs from what Nightjar wrote. Anything but a regular file does. */
async function isChanged(path: string, sha256: string): Promise<boolean> {
  const bytes = await readPlainFile(path, maxMarkerBytes)
  return bytes === undefined || checksum(bytes) !== sha256
}

/**
 * A non-empty folder cannot be replaced by a rename, so the old one is moved away first. `sweepAudiobookshelf` recovers
 * from a crash in between.
 */
async function putInPlace(root: string, temporary: string, path: string): Promise<void> {
  const target = pathBelow(root, path)
  const blocked = await firstNonFolderStep(root, path)
  if (target === undefined || blocked !== undefined) throw noFolder(root, blocked ?? path)
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  const old = join(root, `.nightjar-old-${randomUUID()}`)
  const replaces = (await entryAt(target)) !== undefined
  if (replaces) await rename(target, old)
  try {
    await rename(temporary, target)
  } catch (error) {
    if (replaces) await rename(old, target)
    throw error
  }
  for (let folder = parent; folder !== dirname(root); folder = dirname(folder)) await syncFolder(folder)
  if (replaces) await rm(old, { recursive: true, force: true })
}

function noFolder(root: string, step: string): Failure {
  const detail = `${step} is a symbolic link or a file, where a folder should be`
  return new Failure('audiobookshelf.unwritable', { folder: root, detail })
}

/**
 * Throws `audiobookshelf.missing` unless the root exists. It is never created: with its drive not mounted, the books
 * would end up below the mount point.
 */
export async function requireRoot(root: string): Promise<void> {
  const found = await stat(root).catch((error: unknown) => error)
  if (found instanceof Error && 'code' in found && found.code !== 'ENOENT') throw found
  if (found instanceof Error || !(found as Awaited<ReturnType<typeof stat>>).isDirectory()) {
    throw new Failure('audiobookshelf.missing', { folder: root })
  }
}

/** Throws `audiobookshelf.full` unless `reserveBytes` stay free for everything else on the disk. */
async function requireSpace(root: string, bytes: number): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(root)
  // Some network file systems report no size.
  if (blocks > 0 && bavail * bsize < bytes + reserveBytes) {
    throw new Failure('audiobookshelf.full', { folder: root })
  }
}

/** Maps an error of the file system to a `Failure`; returns any other error unchanged. */
export function audiobookshelfFailure(error: unknown, folder: string): unknown {
  if (isDiskFull(error)) return new Failure('audiobookshelf.full', { folder }, { cause: error })
  const system = error instanceof Error && 'syscall' in error
  return system
    ? new Failure('audiobookshelf.unwritable', { folder, detail: error.message }, { cause: error })
    : error
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A title as the name of a file or folder: see `fileName`, which also strips the leading dots. */
export function audiobookshelfName(title: string): string {
  return fileName(title, 'Untitled')
}

/**
 * The relative path of a book in audiobookshelf's folder structure: `Author/Title`, `Author/Series/02 - Title`, or
 * `Title` without an author. `copy` > 1 is appended in parentheses for further novels of the same name.
 */
export function bookPath({ author, title, series }: AudiobookshelfPlace, copy = 1): string {
  const name = audiobookshelfName(title) + (copy === 1 ? '' : ` (${copy})`)
  // Without an author, audiobookshelf would read the series as the author.
  if (author.trim() === '') return name
  if (!series || series.name.trim() === '') return `${audiobookshelfName(author)}/${name}`
  return `${audiobookshelfName(author)}/${audiobookshelfName(series.name)}/${sequence(series.position)}${name}`
}

/** audiobookshelf accepts up to three digits and two decimals as the position in a series. */
function sequence(position: string | undefined): string {
  const [, whole, rest = ''] = /^(\d{1,3})(\.\d{1,2})?$/.exec(position ?? '') ?? []
  return whole === undefined ? '' : `${whole.padStart(2, '0')}${rest} - `
}
