import { randomBytes } from 'node:crypto'
import type { Casting } from '../../novel/casting.ts'
import { type Clip, type ClipKey, clipKeyName } from '../../novel/clip.ts'
import type { ChooseClips, ClipStore, DiscardOptions, NewClip, SegmentClip } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { clipObjectKey, groupKey } from '../object-keys.ts'
import { type ObjectStore, ObjectStoreError } from '../object-store.ts'
import {
  clipObjects,
  insertObjectClips,
  listedLeftovers,
  noteLeftoverObjects,
  storedClipRange,
  storedClipRow,
} from '../queries/clip-object-queries.ts'
import { deleteUnreferencedClips } from '../queries/clip-queries.ts'
import { isStorageError } from '../storage-errors.ts'
import { readClip, readSegments } from './clip-reads.ts'

/** Objects of a batch that are stored at the same time. */
const parallelUploads = 16
/** The same of groups, and bytes of each. */
const parallelGroups = 4
const groupBytes = 4 * 1024 * 1024
/** Rows of a range that are read at once, without audio. */
const rowsPerQuery = 256
/** After this an upload is repeated: by then its object may have been taken for an orphan. */
const uploadLimitMs = 30 * 60 * 1000

interface Upload {
  readonly object: string
  /** In a group; `null`: the object is this clip alone. */
  readonly offset: number | null
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Clips whose audio is an object, or a part of one: first the object is stored, then the row. Clips that are prepared
 * together are one object, a group, because a request costs as much as a clip. An object that no row has is found and
 * removed later (see `clip-object-sweep.ts`). Rows that have their audio themselves, from before, are read too.
 */
export class ObjectClipStore implements ClipStore {
  readonly #db: Database
  readonly #objects: ObjectStore
  /** By clip and key, until the clip is forgotten: a batch that is tried again uploads nothing twice. */
  readonly #uploads = new WeakMap<Clip, Map<string, Upload>>()

  constructor(db: Database, objects: ObjectStore) {
    this.#db = db
    this.#objects = objects
  }

  async prepare(clips: readonly NewClip[]): Promise<void> {
    const missing = clips.filter((each) => !this.#uploadOf(each))
    if (missing.length < 2) return this.#storeAlone(missing)
    await inParallel(parallelGroups, groupsOf(missing), (group) => this.#storeGroup(group))
  }

  /** What is not prepared becomes an object for each clip, so that it goes with its clip and with no other. */
  async put(clips: readonly NewClip[], choose?: ChooseClips): Promise<(number | undefined)[]> {
    await this.#storeAlone(clips.filter((each) => !this.#uploadOf(each)))
    const uploaded = clips.flatMap((each) => {
      const upload = this.#uploadOf(each)
      return upload ? [{ ...upload, each }] : []
    })
    return this.#db.transaction().execute(async (commit) => {
      const chosen = await choose?.(commit)
      const rows = uploaded.filter(({ each }) => chosen?.has(each) ?? true)
      const written = await insertObjectClips(
        commit,
        rows.map(({ each, ...place }) => ({ ...each, ...place })),
      )
      const checksums = new Map(rows.map(({ each }, at) => [each, written[at]]))
      await this.#noteUnused(commit, uploaded, (each) => checksums.get(each) !== undefined)
      return clips.map((each) => checksums.get(each))
    })
  }

  async get(key: ClipKey): Promise<Clip | 'damaged' | undefined> {
    const row = await storedClipRow(this.#db, key)
    if (!row) return undefined
    const clip = await readClip(this.#sources, row)
    return clip === 'gone' ? 'damaged' : clip
  }

  async *range(chapterId: number, casting: Casting, from: number, to: number): AsyncGenerator<SegmentClip> {
    for (let at = from; at < to; at += rowsPerQuery) {
      const end = Math.min(to, at + rowsPerQuery)
      const segments = await storedClipRange(this.#db, chapterId, casting, at, end)
      yield* readSegments(this.#sources, segments)
      if (segments.length < end - at) return
    }
  }

  async discard(key: ClipKey, { intact = false }: DiscardOptions = {}): Promise<boolean> {
    const row = await storedClipRow(this.#db, key)
    if (!row) return false
    if (!intact) {
      const clip = await readClip(this.#sources, row)
      if (clip !== 'damaged' && clip !== 'gone') return false
      if (clip === 'gone') await this.#refuseEmpty()
    }
    await this.#db.deleteFrom('clips.clips').where('id', '=', row.id).execute()
    return true
  }

  deleteUnreferenced(limit: number): Promise<{ removed: number; more: boolean }> {
    return deleteUnreferencedClips(this.#db, limit)
  }

  get #sources() {
    return { db: this.#db, objects: this.#objects }
  }

  #uploadOf({ key, clip }: NewClip): Upload | undefined {
    const upload = this.#uploads.get(clip)?.get(clipKeyName(key))
    return upload && Date.now() - upload.at < uploadLimitMs ? upload : undefined
  }

  /** Each under a name made of its key and its audio, unless the clip is there already. */
  async #storeAlone(clips: readonly NewClip[]): Promise<void> {
    if (clips.length === 0) return
    const named = clips.map(({ key, clip }) => ({ key, clip, object: clipObjectKey(key, clip.adts) }))
    // Of one moment they need not be: the object of a clip that is deleted in between is removed an hour later, unless
    // it has a row by then.
    const [existing, listed] = await Promise.all([
      clipObjects(
        this.#db,
        named.map(({ key }) => key),
      ),
      listedLeftovers(
        this.#db,
        named.map(({ object }) => object),
      ),
    ])
    const uploads = named
      .filter(({ key }) => !existing.has(clipKeyName(key)))
      .map((each) => ({ ...each, object: unlisted(each.object, listed) }))
    await inParallel(parallelUploads, uploads, async ({ key, clip, object }) => {
      await this.#store(object, clip.adts)
      this.#remember({ key, clip }, { object, offset: null, at: Date.now() })
    })
  }

  /** Those that exist already are stored with the others, and have no row of it. */
  async #storeGroup(group: readonly NewClip[]): Promise<void> {
    const object = groupKey()
    await this.#store(object, Buffer.concat(group.map(({ clip }) => clip.adts)))
    let offset = 0
    for (const each of group) {
      this.#remember(each, { object, offset, at: Date.now() })
      offset += each.clip.adts.length
    }
  }

  #remember({ key, clip }: NewClip, upload: Upload): void {
    const ofClip = this.#uploads.get(clip) ?? new Map<string, Upload>()
    this.#uploads.set(clip, ofClip.set(clipKeyName(key), upload))
  }

  /** Notes the objects of which this commit has written no row, and that are not those of the rows that were there. */
  async #noteUnused(
    commit: Database,
    uploaded: readonly (Upload & { readonly each: NewClip })[],
    isWritten: (each: NewClip) => boolean,
  ): Promise<void> {
    const used = new Set(uploaded.filter(({ each }) => isWritten(each)).map(({ object }) => object))
    const unused = uploaded.filter(({ object }) => !used.has(object))
    if (unused.length === 0) return
    const kept = await clipObjects(
      commit,
      unused.map(({ each }) => each.key),
    )
    const others = unused.filter(({ each, object }) => kept.get(clipKeyName(each.key)) !== object)
    await noteLeftoverObjects(
      commit,
      others.map(({ object }) => object),
    )
  }

  /** An error of the file system is trouble of the store, as one of a bucket: the clip can be stored later. */
  async #store(object: string, adts: Uint8Array): Promise<void> {
    try {
      await this.#objects.put(object, adts)
    } catch (error) {
      if (isStorageError(error) || !(error instanceof Error && 'syscall' in error && 'code' in error))
        throw error
      // Without the path, which is another one each time: the same trouble is reported once.
      const reason = `the shared folder cannot be written: ${String(error.code)}`
      throw new ObjectStoreError('unreachable', reason, { cause: error })
    }
  }

  /** A store without any object is the wrong one, or a folder that is not mounted: not one clip of it is lost. */
  async #refuseEmpty(): Promise<void> {
    for (const prefix of ['clips/', 'packs/', 'sources/']) {
      for await (const _ of this.#objects.list(prefix)) return
    }
    throw new ObjectStoreError('refused', 'the object store is empty, although the database has clips in it')
  }
}

/** What is listed is going to be removed, and must not be stored anew. */
export function unlisted(object: string, listed: ReadonlySet<string>): string {
  return listed.has(object) ? `${object}-${randomBytes(4).toString('hex')}` : object
}

function groupsOf(clips: readonly NewClip[]): NewClip[][] {
  const groups: NewClip[][] = []
  let bytes = Infinity
  for (const each of clips) {
    bytes += each.clip.adts.length
    if (bytes > groupBytes) {
      groups.push([])
      bytes = each.clip.adts.length
    }
    groups.at(-1)?.push(each)
  }
  return groups
}

/** Starts no more after the first error, which it throws when all that was begun has ended. */
async function inParallel<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  const errors: unknown[] = []
  const workThrough = async (): Promise<void> => {
    for (const item of waiting) {
      if (errors.length > 0) return
      await work(item).catch((error: unknown) => errors.push(error))
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, workThrough))
  if (errors.length > 0) throw errors[0]
}
