import { readlink, readdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BookFormat, FormatResult } from '../../src/importer/book-format.ts'
import { readSigns } from '../../src/importer/file-signs.ts'
import { bookFormats, formatOf } from '../../src/importer/format-registry.ts'
import { Failure, type FailureCode } from '../../src/novel/failure.ts'
import { census, importedTexts } from '../fixtures/character-census.ts'

/** A small book for the contract. */
export interface BookSample {
  readonly bytes: Uint8Array
  /** All text of each chapter in reading order, headings and notes included, in any arrangement. */
  readonly chapters: readonly string[]
  /** Files of this format that must be refused. */
  readonly hostile: readonly (readonly [name: string, bytes: Uint8Array, code: FailureCode])[]
}

/** What a reader may throw, whatever the bytes are. */
const failures: readonly FailureCode[] = [
  'novel.unreadable',
  'novel.no-text',
  'novel.encrypted',
  'novel.damaged',
  'novel.hostile',
]

/** What every book format promises, as tests. `kind` names the sample's kind, `format` reads it. */
export function bookFormatContract(kind: string, format: BookFormat['name'], sample: BookSample): void {
  describe(`the book format ${format} with ${kind}`, () => {
    const reader = bookFormats.find(({ name }) => name === format)!
    let folder: string
    let path: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightjar-format-'))
      path = join(folder, 'source')
    })
    afterAll(() => rm(folder, { recursive: true }))

    const read = async (bytes: Uint8Array): Promise<FormatResult> => {
      await writeFile(path, bytes)
      return reader.read(path, 'my book')
    }

    /** The code of the failure that is thrown; `undefined` if the bytes are read as a novel. */
    const refusal = async (bytes: Uint8Array): Promise<FailureCode | undefined> => {
      try {
        await read(bytes)
        return undefined
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        expect(failures).toContain(error.code)
        return error.code
      }
    }

    test('is recognised by its bytes, and by no other format', async () => {
      await writeFile(path, sample.bytes)
      const signs = await readSigns(path)
      expect(formatOf(signs)?.name).toBe(format)
      expect(bookFormats.filter(({ matches }) => matches(signs)).map(({ name }) => name)).toEqual([format])
    })

    test('has every character of each chapter in one block or skip, in reading order', async () => {
      const { chapters } = (await read(sample.bytes)).novel
      expect(chapters.map((chapter) => census(importedTexts([chapter])))).toEqual(
        sample.chapters.map((text) => census([text])),
      )
    })

    test('makes blocks in NFC, skips within them, and no chapter without a title', async () => {
      const { chapters, title } = (await read(sample.bytes)).novel
      for (const each of [title, ...chapters.map((chapter) => chapter.title)])
        expect(each.trim()).not.toBe('')
      for (const { blocks, skips } of chapters) {
        for (const { text } of blocks) expect(text).toBe(text.normalize('NFC').trim())
        for (const { block, start, end } of skips) {
          expect(start).toBeLessThanOrEqual(end)
          expect(end).toBeLessThanOrEqual(blocks[block]?.text.length ?? -1)
        }
      }
    })

    test('traces the blocks that it reads, each character within one file of the book, if it traces at all', async () => {
      if (!reader.trace) return
      const { chapters } = (await read(sample.bytes)).novel
      const traced = await reader.trace(path)
      expect(traced.map((blocks) => blocks.map(({ text }) => text))).toEqual(
        chapters.map(({ blocks }) => blocks.map(({ text }) => text)),
      )
      for (const { text, trace, file } of traced.flat().filter((block) => block.trace)) {
        expect(trace).toHaveLength(text.length)
        expect(file).toBeDefined()
      }
    })

    test('makes the same novel of the same bytes', async () => {
      expect(await read(sample.bytes)).toEqual(await read(sample.bytes))
    })

    test('leaves the file as it was, and closed, also after a failure', async () => {
      for (const bytes of [sample.bytes, ...sample.hostile.map(([, each]) => each)]) {
        await writeFile(path, bytes)
        const before = await stat(path, { bigint: true })
        await reader.read(path, 'my book').catch(() => undefined)
        await reader.trace?.(path).catch(() => undefined)
        expect(await openedPaths()).not.toContain(path)
        expect((await stat(path, { bigint: true })).mtimeNs).toBe(before.mtimeNs)
        expect((await readFile(path)).equals(bytes)).toBe(true)
      }
    })

    test.each(sample.hostile)('refuses %s', async (_, bytes, code) => {
      expect(await refusal(bytes)).toBe(code)
    })

    test('reads or refuses a file cut anywhere, and refuses an empty one', async () => {
      const { length } = sample.bytes
      for (let tenth = 1; tenth < 10; tenth++)
        await refusal(sample.bytes.subarray(0, Math.floor((length * tenth) / 10)))
      for (const bytes of [1, 2, 3, 4, length - 1]) await refusal(sample.bytes.subarray(0, bytes))
      expect(await refusal(new Uint8Array())).toBeDefined()
    })

    test('reads or refuses a file with changed bytes, and any other bytes', async () => {
      for (let seed = 1; seed <= 60; seed++) {
        const random = randomBytes(seed)
        const changed = Uint8Array.from(sample.bytes)
        for (let index = 0; index < seed; index++) changed[random() % changed.length] = random() % 256
        await refusal(changed)
        await refusal(Uint8Array.from({ length: random() % 5000 }, () => random() % 256))
      }
    })
  })
}

/** Paths of the files that this process has open. */
async function openedPaths(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd')
  return Promise.all(descriptors.map(async (each) => readlink(`/proc/self/fd/${each}`).catch(() => '')))
}

/** A generator of numbers below 2^16: the 16 high bits of a linear congruence. */
function randomBytes(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 16
  }
}
