import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../../novel/failure.ts'
import { type ClipPlace, copyClips, countClips, typicalClipBytes } from '../../storage/copy/clip-copy.ts'
import { copiedTables } from '../../storage/copy/copied-tables.ts'
import {
  type ComparedBefore,
  type ComparedObjects,
  copiedParts,
  copyObjects,
  foreignObject,
  objectBytes,
} from '../../storage/copy/object-copy.ts'
import { type ComparedRows, copyRows, countRows, deleteSurplus } from '../../storage/copy/table-copy.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { beginCopy, copyLastIds, finishCopy, withSnapshot } from '../../storage/queries/copy-queries.ts'

/** A studio that is copied, or a copy of one. */
export interface CopyEnd extends ClipPlace {
  /** A folder, or a database and its host. */
  readonly name: string
  readonly objects: ObjectStore
}

export interface CopySource extends CopyEnd {
  /** Keeps servers out until it is disposed of; `undefined` while one runs. */
  hold(): Promise<AsyncDisposable | undefined>
}

export interface CopyOptions {
  /** Both ends have the same objects, so that these stay where they are. */
  readonly sharedObjects: boolean
  /** What is being copied and the share of this pass that is done, 0 to 1. */
  readonly onProgress: (what: string, share: number) => void
  /** All is copied as of this moment, and the rest waits for the source's server to be stopped. */
  readonly onWaiting: () => void
  readonly signal?: AbortSignal
}

export interface CopyReport {
  readonly tables: readonly (ComparedRows & { readonly name: string })[]
  readonly objects: readonly ComparedObjects[]
  /** Clips that are damaged at the source and were left out. They are spoken again. */
  readonly damagedClips: number
}

const betweenLooksMs = 500
/** Two are enough: one that copies what has changed, and one that finds nothing more. */
const maxPasses = 4

/**
 * Copies a studio, also while its server runs, and goes on with a copy that was broken off. When no server runs any more it
 * compares everything, writes what has changed since, and returns when a comparison found both alike. Throws
 * `migrate.occupied`, `migrate.differs`, and what the two ends throw.
 */
export async function copyStorage(
  source: CopySource,
  target: CopyEnd,
  options: CopyOptions,
): Promise<CopyReport> {
  const foreign = async (): Promise<string | undefined> => {
    const key = options.sharedObjects ? undefined : await foreignObject(target.objects, source.objects)
    return key && `the object ${key}`
  }
  await beginCopy(target.db, source.name, target.name, foreign)
  const copy = new StorageCopy(source, target, options)
  let held = await source.hold()
  if (!held) {
    await copy.pass()
    options.onWaiting()
    while (!(held = await source.hold())) await wait(betweenLooksMs, undefined, { signal: options.signal })
  }
  await using _ = held
  let report = await copy.pass()
  for (let pass = 2; changesOf(report).length > 0; pass++) {
    if (pass > maxPasses) {
      const detail = changesOf(report).join(', ')
      throw new Failure('migrate.differs', { source: source.name, target: target.name, detail })
    }
    report = await copy.pass()
  }
  await finishCopy(target.db)
  return report
}

function changesOf({ tables, objects }: CopyReport): string[] {
  const changed = [...tables, ...objects.map((each) => ({ ...each, name: each.part }))]
  return changed.filter((each) => each.changed > 0).map(({ name }) => name)
}

class StorageCopy {
  readonly #source: CopySource
  readonly #target: CopyEnd
  readonly #options: CopyOptions
  readonly #damaged = new Set<string>()
  readonly #compared: ComparedBefore = new Map()
  #passes = 0

  constructor(source: CopySource, target: CopyEnd, options: CopyOptions) {
    this.#source = source
    this.#target = target
    this.#options = options
  }

  /** Makes the target what the source is at this moment: run again when nothing has changed, it only compares. */
  async pass(): Promise<CopyReport> {
    const { onProgress, signal, sharedObjects } = this.#options
    const share = await this.#shares()
    const [source, target] = [this.#source, this.#target]
    const tables = await withSnapshot(source.db, async (snapshot) => {
      let deleted = 0
      for (const table of copiedTables.toReversed())
        deleted += await deleteSurplus(snapshot, target.db, table, { signal })
      const all: (ComparedRows & { name: string })[] = []
      for (const table of copiedTables) {
        const onRow = (): void => onProgress(table.name, share.add(rowBytes))
        const compared = await copyRows(snapshot, target.db, table, { onRow, signal })
        all.push({ name: table.name, ...compared, changed: compared.changed + deleted })
        deleted = 0
      }
      await copyLastIds(snapshot, target.db)
      return all
    })
    const clips = await copyClips(source, target, {
      // Later passes need not: what they write is read again in any case.
      listen: this.#passes === 0,
      damaged: this.#damaged,
      onClip: () => onProgress('clips', share.add(typicalClipBytes)),
      signal,
    })
    const objects: ComparedObjects[] = []
    for (const part of sharedObjects ? [] : copiedParts) {
      const onBytes = (bytes: number): void => onProgress(part, share.add(bytes))
      objects.push(
        await copyObjects(source.objects, target.objects, part, this.#compared, { onBytes, signal }),
      )
    }
    this.#passes++
    return { tables: [...tables, { name: 'clips', ...clips }], objects, damagedClips: this.#damaged.size }
  }

  async #shares(): Promise<Share> {
    const { db, objects } = this.#source
    let bytes = (await countClips(db)) * typicalClipBytes
    for (const { name } of copiedTables) bytes += (await countRows(db, name)) * rowBytes
    if (!this.#options.sharedObjects) bytes += await objectBytes(objects)
    return new Share(bytes)
  }
}

/** Of a row on average, to tell how far a copy is. */
const rowBytes = 400

/** How much of a pass is done. */
class Share {
  readonly #total: number
  #done = 0

  constructor(total: number) {
    this.#total = total
  }

  /** Returns the share that is done, 0 to 1. */
  add(bytes: number): number {
    this.#done += bytes
    return Math.min(1, this.#done / Math.max(1, this.#total))
  }
}
