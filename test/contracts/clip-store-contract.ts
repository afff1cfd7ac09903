import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Casting, castingOf, singleVoice } from '../../src/novel/casting.ts'
import { type Clip, type ClipKey, textHash } from '../../src/novel/clip.ts'
import type { ClipStore, SegmentClip } from '../../src/storage/clip-store.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { isStorageError } from '../../src/storage/storage-errors.ts'
import { saveCasting } from '../../src/storage/queries/casting-queries.ts'
import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { hasClip } from '../../src/storage/queries/clip-queries.ts'
import { deleteNovel } from '../../src/storage/queries/deletion-queries.ts'
import { countClips } from '../../src/storage/queries/progress-queries.ts'
import { loseClip } from '../fixtures/corrupt-clips.ts'
import { insertSmallNovel, someClip } from '../fixtures/small-novel.ts'
import { ClipProcess, type ClipStoreAddress } from '../program/clip-process.ts'

export interface ClipStoreUnderTest extends AsyncDisposable {
  readonly clips: ClipStore
  readonly db: Database
  /** For another process that opens the same store. */
  readonly address: ClipStoreAddress
  /** Changes a bit of a clip's audio where it is stored. */
  readonly flip: (key: ClipKey) => Promise<void>
  /** Lets no clip be stored until it is disposed of. */
  readonly trouble: () => Promise<AsyncDisposable>
}

const recipe = '00112233445566778899aabbccddeeff'
const other = 'ffeeddccbbaa99887766554433221100'
const alone = singleVoice(recipe)
const keyOf = (text: string, spokenIn = recipe): ClipKey => ({
  recipe: spokenIn,
  words: textHash(text, 'paragraph'),
})

/** Clips of different lengths, so that none is taken for another. */
function clipOf(text: string): Clip {
  const letters = Buffer.from(text)
  return someClip(3 + (letters.reduce((sum, code) => sum + code, 0) % 40), 150 + letters.length)
}

/** What every store of clips promises. `open` gives an empty one with a database of its own. */
export function clipStoreContract(name: string, open: () => Promise<ClipStoreUnderTest>): void {
  describe(`the clip store ${name}`, () => {
    let store: ClipStoreUnderTest
    let clips: ClipStore
    let db: Database
    beforeAll(async () => {
      store = await open()
      ;({ clips, db } = store)
    })
    afterAll(() => store[Symbol.asyncDispose]())

    const put = (texts: readonly string[], spokenIn = recipe) =>
      clips.put(texts.map((text) => ({ key: keyOf(text, spokenIn), clip: clipOf(text) })))

    const novelOf = async (texts: readonly string[], roles: readonly number[] = []) => {
      const novelId = await insertSmallNovel(db, [texts], { roles: [roles] })
      const [chapter] = await chaptersOf(db, novelId)
      return { novelId, chapterId: chapter!.id }
    }

    const rangeOf = async (chapterId: number, casting: Casting, from: number, to: number) => {
      const found: SegmentClip[] = []
      for await (const each of clips.range(chapterId, casting, from, to)) found.push(each)
      return found
    }

    test('a clip is read back byte for byte, with the times of its words', async () => {
      const clip = { ...someClip(30), words: [{ start: 2, end: 9, from: 0.043, to: 1.25 }] }
      expect(await clips.put([{ key: keyOf('a'), clip }])).toEqual([expect.any(Number)])
      expect(await clips.get(keyOf('a'))).toEqual(clip)
      expect(await clips.get(keyOf('b'))).toBeUndefined()
    })

    test('an existing clip is not overwritten, and the second of two in a batch neither', async () => {
      await put(['one of a kind'])
      const again = { key: keyOf('one of a kind'), clip: someClip(99) }
      const twice = ['first', 'second'].map((text) => ({ key: keyOf('twice'), clip: clipOf(text) }))
      await clips.prepare?.([again, ...twice])
      const written = await clips.put([again, ...twice])
      expect(written).toEqual([undefined, expect.any(Number), undefined])
      expect(await clips.get(keyOf('one of a kind'))).toEqual(clipOf('one of a kind'))
      expect(await clips.get(keyOf('twice'))).toEqual(clipOf('first'))
    })

    test('of a batch whose commit fails nothing is there, and it can be put again', async () => {
      const batch = ['x', 'y'].map((text) => ({ key: keyOf(text), clip: clipOf(text) }))
      await clips.prepare?.(batch)
      const failing = clips.put(batch, () => Promise.reject(new Error('no')))
      await expect(failing).rejects.toThrow('no')
      expect(await clips.get(keyOf('x'))).toBeUndefined()
      const written = await clips.put(batch, async (commit) => {
        expect(await hasClip(commit, keyOf('y'))).toBe(false)
        return new Set(batch)
      })
      expect(written).toEqual([expect.any(Number), expect.any(Number)])
      expect(await clips.get(keyOf('y'))).toEqual(clipOf('y'))
    })

    test('of a batch only what its commit chooses is stored', async () => {
      const batch = ['chosen', 'left out', 'chosen too'].map((text) => ({
        key: keyOf(text),
        clip: clipOf(text),
      }))
      await clips.prepare?.(batch)
      const written = await clips.put(batch, async () => new Set([batch[0]!, batch[2]!]))
      expect(written).toEqual([expect.any(Number), undefined, expect.any(Number)])
      expect(await clips.get(keyOf('left out'))).toBeUndefined()
      expect(await clips.get(keyOf('chosen too'))).toEqual(clipOf('chosen too'))
      expect(await clips.put(batch, async () => new Set())).toEqual([undefined, undefined, undefined])
    })

    test('kill -9 after a clip was put loses nothing, and in between leaves it whole or absent', async () => {
      const { chapterId } = await novelOf(Array.from({ length: 60 }, (_, at) => `Killed ${at}.`))
      for (const count of [5, 12, 30]) {
        await using writing = await ClipProcess.start({ store: store.address, recipe, text: 'Killed' })
        await writing.stored(count)
        await writing.kill()
        const found = await rangeOf(chapterId, alone, 0, 60)
        for (const [at, { clip }] of found.entries()) {
          if (at < count) expect(clip).toMatchObject({ adts: someClip(at + 1).adts })
          else expect(clip === undefined || clip !== 'damaged').toBe(true)
        }
      }
    })

    test('a flipped bit is noticed, and only such a clip is discarded', async () => {
      const { chapterId } = await novelOf(['Flipped.', 'Whole.'])
      await put(['Flipped.', 'Whole.'])
      await store.flip(keyOf('Flipped.'))
      expect(await clips.get(keyOf('Flipped.'))).toBe('damaged')
      expect((await rangeOf(chapterId, alone, 0, 2)).map(({ clip }) => clip === 'damaged')).toEqual([
        true,
        false,
      ])
      expect(await clips.discard(keyOf('Whole.'))).toBe(false)
      expect(await clips.discard(keyOf('Nobody put it.'))).toBe(false)
      expect(await clips.discard(keyOf('Flipped.'))).toBe(true)
      expect(await clips.get(keyOf('Flipped.'))).toBeUndefined()
      expect(await clips.get(keyOf('Whole.'))).toEqual(clipOf('Whole.'))
      await put(['Flipped.'])
      expect(await clips.get(keyOf('Flipped.'))).toEqual(clipOf('Flipped.'))
    })

    test('a range is what its clips are one by one, for one voice and for several', async () => {
      const texts = Array.from({ length: 150 }, (_, at) => `In a range ${at}.`)
      const roles = texts.map((_, at) => at % 3)
      const { chapterId } = await novelOf(texts, roles)
      const several = castingOf(recipe, [{ role: 1, recipe: other }])
      await saveCastingOf(db, several)
      await put(texts)
      await put(
        texts.filter((_, at) => roles[at] === 1),
        other,
      )
      await loseClip(db, keyOf('In a range 7.', other))
      await loseClip(db, keyOf('In a range 8.'))
      for (const casting of [alone, several]) {
        for (const [from, to] of [
          [0, 150],
          [5, 9],
          [149, 150],
          [10, 10],
          [140, 400],
        ] as const) {
          const found = await rangeOf(chapterId, casting, from, to)
          const keys = texts
            .map((text, at) => keyOf(text, casting === several && roles[at] === 1 ? other : recipe))
            .slice(from, to)
          expect(found.map(({ key }) => key)).toEqual(keys)
          for (const [at, { clip }] of found.entries()) {
            const one = await clips.get(keys[at]!)
            if (one === undefined || one === 'damaged') expect(clip).toBe(one)
            else expect(clip).toEqual({ adts: one.adts, frameSizes: Uint16Array.from(one.frameSizes) })
          }
        }
      }
    })

    test('a range that is given up reads no more, and one of another chapter is empty', async () => {
      const { chapterId } = await novelOf(Array.from({ length: 50 }, (_, at) => `Given up ${at}.`))
      await put(Array.from({ length: 50 }, (_, at) => `Given up ${at}.`))
      for await (const { clip } of clips.range(chapterId, alone, 0, 50)) {
        expect(clip).toMatchObject({ adts: clipOf('Given up 0.').adts })
        break
      }
      expect(await rangeOf(123_456_789, alone, 0, 50)).toEqual([])
    })

    test('what is counted of clips is what was put', async () => {
      const texts = ['Counted one.', 'Counted two.', 'Counted three.']
      const { chapterId } = await novelOf(texts)
      const checksums = await put(texts.slice(0, 2))
      const made = texts.slice(0, 2).map(clipOf)
      expect(await countClips(db, chapterId, alone)).toEqual({
        done: 2,
        frames: made.reduce((sum, { frameSizes }) => sum + frameSizes.length, 0),
        bytes: made.flatMap(({ frameSizes }) => frameSizes).reduce((sum, size) => sum + size, 0),
        checksums: checksums.reduce<number>((sum, checksum) => sum + checksum!, 0),
        setAside: 0,
      })
    })

    test('a text of two novels survives the deletion of one, and what was never released the sweep', async () => {
      const { novelId } = await novelOf(['Only here.', 'Here and there.'])
      await novelOf(['Here and there.'])
      const texts = ['Only here.', 'Here and there.', 'Of a newer database.']
      await put(texts)
      expect(await clips.deleteUnreferenced(10)).toEqual({ removed: 0, more: false })
      await deleteNovel(db, novelId)
      expect(await clips.deleteUnreferenced(1)).toMatchObject({ more: true })
      while ((await clips.deleteUnreferenced(1)).more);
      const left = await Promise.all(texts.map(async (text) => clips.get(keyOf(text))))
      expect(left.map((clip) => clip !== undefined)).toEqual([false, true, true])
      expect(left[1]).toEqual(clipOf('Here and there.'))
    })

    test('a text that is swept and put at the same time is whole or absent', async () => {
      for (let round = 0; round < 8; round++) {
        const texts = Array.from({ length: 6 }, (_, at) => `At once ${round} ${at}.`)
        const { novelId } = await novelOf(texts)
        await put(texts.slice(0, 3))
        await deleteNovel(db, novelId)
        await Promise.all([put(texts), clips.deleteUnreferenced(3), put(texts), clips.deleteUnreferenced(3)])
        for (const text of texts) {
          const clip = await clips.get(keyOf(text))
          if (clip !== undefined) expect(clip).toEqual(clipOf(text))
        }
      }
    })

    test('while nothing can be stored a put fails as trouble of the storage, and the rest can be read', async () => {
      await put(['Before the trouble.'])
      const batch = Array.from({ length: 20 }, (_, at) => ({
        key: keyOf(`In trouble ${at}.`),
        clip: someClip(200, 500),
      }))
      {
        await using _ = await store.trouble()
        const storing = async () => {
          await clips.prepare?.(batch)
          await clips.put(batch)
        }
        const error: unknown = await storing().catch((thrown: unknown) => thrown)
        expect([isStorageError(error), error]).toEqual([true, error])
      }
      expect(await clips.get(keyOf('In trouble 0.'))).toBeUndefined()
      expect(await clips.get(keyOf('Before the trouble.'))).toEqual(clipOf('Before the trouble.'))
      expect(await clips.put(batch)).not.toContain(undefined)
      expect(await clips.get(keyOf('In trouble 19.'))).toEqual(someClip(200, 500))
    })
  })
}

/** The recipes need only be there. */
async function saveCastingOf(db: Database, casting: Casting): Promise<void> {
  const recipes = [casting.narrator, ...casting.parts.map((part) => part.recipe)]
  for (const hash of recipes) {
    await db
      .insertInto('recipes')
      .values({
        hash: Buffer.from(hash, 'hex'),
        voice: 'odd:hum',
        speed: 1,
        engine: 'odd-1',
        studio: '1',
        pauses: '{}',
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  await saveCasting(db, casting, [])
}
