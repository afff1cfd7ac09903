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
} from '../../storage/folder/contained-path.ts'
import { isDiskFull, reserveBytes } from '../../storage/folder/disk-space.ts'
import { syncFolder } from '../../storage/folder/durable-files.ts'

/** A file of a book, by its name in the book's folder. */
export interface AudiobookshelfFile {
  readonly name: string
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** What proves that a folder is Nightjar's, and of which novel; audiobookshelf skips names that begin with a point. */
const markerName = '.nightjar.json'
const marker = z.object({
  novelId: z.string(),
  /** Of all that the folder was made from. */
  fingerprint: z.string(),
  /** Below the root. */
  path: z.string().refine((path) => pathBelow('', path) !== undefined),
  /** What Nightjar wrote: the SHA-256 of each file, hex, by its name. */
  files: z.record(z.string().refine(isPlainName), z.string()),
})
type FolderMarker = z.infer<typeof marker>

const temporaryFolderName = /^\.nightjar-(?:new|old)-[0-9a-f-]{36}$/
/** Where audiobookshelf, if it is set so, keeps what a listener has corrected. */
const correctableNames = /^(?:metadata\.json|cover\.\w+)$/
const maxCopies = 99
/** A marker of ten thousand chapters with long names has a tenth of it. */
const maxMarkerBytes = 32 * 1024 * 1024

/** The folder of the setting; `undefined` if that is empty. */
export function audiobookshelfRoot(setting: string): string | undefined {
  return setting === '' ? undefined : resolve(setting)
}

/**
 * What Nightjar says of a folder of its own; `'foreign'` if it is somebody else's, `undefined` if there is none. Others
 * can write there too: a marker that names anything outside its folder, or lies behind a symbolic link, is not ours.
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

/** Where a novel may lie: the first path of its name that is free or its own. Throws `audiobookshelf.unwritable`. */
export async function findPlace(root: string, place: AudiobookshelfPlace, novelId: string): Promise<string> {
  for (let copy = 1; copy <= maxCopies; copy++) {
    const path = bookPath(place, copy)
    // Another number would not help where the folder above it is none.
    const strange = await firstNonFolderStep(root, path)
    if (strange !== undefined && strange !== path) throw noFolder(root, strange)
    const found = await readMarker(root, path)
    if (found === undefined || (found !== 'foreign' && found.novelId === novelId)) return path
  }
  throw new Error(`${maxCopies} folders are called like "${place.title}"`)
}

/**
 * Writes a book whole or not at all: everything into a folder aside, synced, then renamed into its place; what lay
 * there of the same novel goes, but not what others have put beside it. `bytes` is what all files have together, more or
 * less. Throws what `files` throws, the signal's reason, `audiobookshelf.missing`, `audiobookshelf.full`, and the file
 * system's errors.
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
      throw new Error(`${book.path} is somebody else's meanwhile`)
    }
    if (old) await keepOthers(join(root, book.path), temporary, old)
    await syncFolder(temporary)
    await putInPlace(root, temporary, book.path)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}

/** Removes a novel's book from where it lay before, with the folders above it that are empty then. */
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
    // A folder that holds something stays.
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    )
    if (!removed) return
  }
}

/**
 * Removes what a crash has left aside, and puts a book back that was taken from its place for a new one which never
 * came. Returns the names of what was found.
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

/** Whether a book can be put back at a path: into folders of this root, where nothing is. */
async function isFree(root: string, path: string): Promise<boolean> {
  return (await firstNonFolderStep(root, path)) === undefined && !(await entryAt(join(root, path)))
}

/** Returns the SHA-256 of what was written. */
async function writeFile(
  path: string,
  content: AudiobookshelfFile['content'],
  signal: AbortSignal,
): Promise<string> {
  await using file = await open(path, 'wx')
  const hash = createHash('sha256')
  for await (const bytes of content) {
    signal.throwIfAborted()
    // FileHandle.write may write less than it is given; this does not.
    await file.appendFile(bytes)
    hash.update(bytes)
  }
  await file.sync()
  return hash.digest('hex')
}

/** Takes along what somebody else has put into the book's folder, or has changed in it. */
async function keepOthers(from: string, to: string, old: FolderMarker): Promise<void> {
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

/** A small file of a book that a listener may have corrected. What is no ordinary file is somebody else's. */
async function isChanged(path: string, sha256: string): Promise<boolean> {
  const bytes = await readPlainFile(path, maxMarkerBytes)
  return bytes === undefined || checksum(bytes) !== sha256
}

/** A folder that holds something cannot be renamed over: for a moment there is neither, which `sweepShelf` knows of. */
async function putInPlace(root: string, temporary: string, path: string): Promise<void> {
  const target = pathBelow(root, path)
  const strange = await firstNonFolderStep(root, path)
  if (target === undefined || strange !== undefined) throw noFolder(root, strange ?? path)
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
 * The folder is not made: where a drive is not mounted, the books would land beneath it. Throws
 * `audiobookshelf.missing`.
 */
export async function requireRoot(root: string): Promise<void> {
  const found = await stat(root).catch((error: unknown) => error)
  if (found instanceof Error && 'code' in found && found.code !== 'ENOENT') throw found
  if (found instanceof Error || !(found as Awaited<ReturnType<typeof stat>>).isDirectory()) {
    throw new Failure('audiobookshelf.missing', { folder: root })
  }
}

/** The disk is not filled to the brim, which would hold up everything else that is on it. */
async function requireSpace(root: string, bytes: number): Promise<void> {
  const { bavail, bsize, blocks } = await statfs(root)
  // Some that are mounted over a network do not tell.
  if (blocks > 0 && bavail * bsize < bytes + reserveBytes) {
    throw new Failure('audiobookshelf.full', { folder: root })
  }
}

/** What the file system said, in words for people; any other error as it is. */
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

/** What places a book on an audiobookshelf. */
export interface AudiobookshelfPlace {
  /** Empty if nobody knows. */
  readonly author: string
  readonly title: string
  readonly series?: { readonly name: string; readonly position?: string } | undefined
}

/** A title as the name of a file or folder: see `fileName`; audiobookshelf skips names that begin with a point. */
export function audiobookshelfName(title: string): string {
  return fileName(title, 'Untitled')
}

/**
 * `Author/Title`, `Author/Series/02 - Title`, or `Title` where no author is known: as audiobookshelf reads folders. The
 * second novel of the same name is a copy with a number.
 */
export function bookPath({ author, title, series }: AudiobookshelfPlace, copy = 1): string {
  const name = audiobookshelfName(title) + (copy === 1 ? '' : ` (${copy})`)
  // Without an author, a series would be taken for one.
  if (author.trim() === '') return name
  if (!series || series.name.trim() === '') return `${audiobookshelfName(author)}/${name}`
  return `${audiobookshelfName(author)}/${audiobookshelfName(series.name)}/${sequence(series.position)}${name}`
}

/** audiobookshelf takes up to three digits and two decimals for a place in a series. */
function sequence(position: string | undefined): string {
  const [, whole, rest = ''] = /^(\d{1,3})(\.\d{1,2})?$/.exec(position ?? '') ?? []
  return whole === undefined ? '' : `${whole.padStart(2, '0')}${rest} - `
}
