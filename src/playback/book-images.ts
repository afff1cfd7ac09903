import { PassThrough, pipeline, type Readable, Transform } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import type { BookImage } from '../novel/book-layout.ts'
import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { sourceKey } from '../storage/object-keys.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { skipsOf } from '../storage/queries/chapter-queries.ts'

/** The image of this name in a chapter. Throws `chapter.no-image`. */
export async function imageOfChapter(db: Database, chapterId: number, name: string): Promise<BookImage> {
  const image = (await skipsOf(db, chapterId)).find((skip) => skip.image?.name === name)?.image
  if (image === undefined) throw new Failure('chapter.no-image', { name })
  return image
}

/**
 * An image's bytes, read from the novel's source (`sourceIdOf`) as they are sent. The stream fails if the source does not hold what it
 * held at the import. `undefined`: there is no source.
 */
export async function openImage(
  objects: ObjectStore,
  sourceId: string,
  { start, packedBytes, bytes, deflated }: BookImage,
): Promise<Readable | undefined> {
  const opened = await objects.get(sourceKey(sourceId), { start, end: start + packedBytes })
  if (opened === undefined) return undefined
  const exact = new ExactLength(bytes)
  // A failure of any of them ends the last one, which is the reader's to handle.
  const done = (): void => {}
  return deflated
    ? pipeline(opened.body, createInflateRaw(), exact, done)
    : pipeline(opened.body, new PassThrough(), exact, done)
}

/** Passes on exactly so many bytes, and fails for more or fewer. */
class ExactLength extends Transform {
  #left: number

  constructor(bytes: number) {
    super()
    this.#left = bytes
  }

  override _transform(
    chunk: Buffer,
    _encoding: string,
    done: (error?: Error | null, chunk?: Buffer) => void,
  ) {
    this.#left -= chunk.length
    if (this.#left < 0) done(new Error('an image is longer than its source said'))
    else done(null, chunk)
  }

  override _flush(done: (error?: Error | null) => void) {
    done(this.#left === 0 ? null : new Error('an image is shorter than its source said'))
  }
}
