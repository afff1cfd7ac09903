import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ObjectStore, readObject, type StoredObject } from '../../src/storage/object-store.ts'
import { ObjectProcess, type StoreAddress } from '../program/object-process.ts'

export interface ObjectStoreUnderTest extends AsyncDisposable {
  readonly objects: ObjectStore
  /** For another process that opens the same store. */
  readonly address: StoreAddress
}

const megabyte = 1024 * 1024

/** Keys that every store refuses, because a folder or S3 could not hold them, or holds something else there. */
const strangeKeys = [
  '',
  '/',
  'covers',
  'covers/',
  '/covers/a',
  'covers//a',
  'covers/../nightjar.db',
  'covers/./a',
  'covers/..',
  '../covers/a',
  'nightjar.db',
  'incoming/a',
  'downloads/a',
  'covers/a\0b',
  'covers/a\nb',
  'covers/a\\b',
  'covers/C:a',
  'covers/\ud800',
  `covers/${'ế'.repeat(200)}`,
  `trash/${Array.from({ length: 5 }, () => 'a'.repeat(200)).join('/')}`,
]

/** What every object store promises. `open` gives an empty one. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStoreUnderTest>): void {
  describe(`the object store ${name}`, () => {
    let store: ObjectStoreUnderTest
    let objects: ObjectStore
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightjar-objects-'))
      store = await open()
      objects = store.objects
    })
    afterAll(async () => {
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    })

    /** Sorted. */
    const keysOf = async (prefix: string): Promise<string[]> => {
      const keys: string[] = []
      for await (const { key } of objects.list(prefix)) keys.push(key)
      return keys.toSorted()
    }

    const opened = async (key: string): Promise<StoredObject | undefined> => {
      const { body, ...stored } = (await objects.get(key)) ?? {}
      body?.destroy()
      return stored as StoredObject
    }

    test.for([0, 1, 5 * megabyte, 20 * megabyte + 1])(
      'keeps %i bytes, given whole or in chunks',
      async (size) => {
        const bytes = randomBytes(size)
        await objects.put('covers/whole', bytes)
        await objects.put('covers/chunks', inChunks(bytes))
        for (const key of ['covers/whole', 'covers/chunks']) {
          expect(await objects.head(key)).toMatchObject({ key, bytes: size })
          expect(await opened(key)).toMatchObject({ key, bytes: size })
          expect(hashOf(await readObject(objects, key))).toBe(hashOf(bytes))
        }
      },
    )

    test('knows when an object was stored, and tells its versions apart', async () => {
      await objects.put('covers/versions', Buffer.from('one'))
      const first = await objects.head('covers/versions')
      expect(Math.abs((first?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000)
      await objects.put('covers/versions', Buffer.from('two'))
      const second = await objects.get('covers/versions')
      expect(second?.etag).not.toBe(first?.etag)
      expect(Buffer.concat((await second?.body.toArray()) ?? []).toString()).toBe('two')
      expect(await objects.head('covers/versions')).toEqual(await opened('covers/versions'))
    })

    test('takes a file of this machine', async () => {
      for (const [key, bytes] of [
        ['voices/one/model.onnx', randomBytes(17 * megabyte)],
        ['voices/one/MODEL_CARD', Buffer.from('A card')],
        ['voices/one/empty', Buffer.alloc(0)],
      ] as const) {
        const path = join(folder, 'finished')
        await writeFile(path, bytes)
        await objects.putFile(key, path)
        await expect(stat(path)).rejects.toThrow('ENOENT')
        expect(hashOf(await readObject(objects, key))).toBe(hashOf(bytes))
      }
    })

    test('reads any range, and stops at the end', async () => {
      const bytes = randomBytes(100_000)
      await objects.put('recordings/ranges', bytes)
      const ranges: readonly (readonly [number, number?])[] = [
        [0],
        [0, 1],
        [99_999],
        [99_999, 100_000],
        [5, 5],
        [7, 99_000],
        [50_000, 1_000_000],
        [100_000],
        [100_000, 100_001],
        [2_000_000],
      ]
      for (const [start, end] of ranges) {
        const opened = await objects.get('recordings/ranges', { start, ...(end !== undefined && { end }) })
        expect(opened).toMatchObject({ key: 'recordings/ranges', bytes: bytes.length })
        const read = Buffer.concat((await opened?.body.toArray()) ?? [])
        expect([start, end, hashOf(read)]).toEqual([start, end, hashOf(bytes.subarray(start, end))])
      }
    })

    test('what is not there is undefined, and deleting it is no error', async () => {
      expect(await objects.get('covers/none')).toBeUndefined()
      expect(await objects.get('covers/none', { start: 3, end: 3 })).toBeUndefined()
      expect(await objects.head('covers/none')).toBeUndefined()
      expect(await objects.localFile('covers/none')).toBeUndefined()
      expect(await readObject(objects, 'voices/none/model.onnx')).toBeUndefined()
      expect(await keysOf('clips/')).toEqual([])
      await objects.delete(['covers/none', 'voices/none/model.onnx'])
      await objects.delete([])
      await objects.move('covers/none', 'trash/2026/covers/none')
      expect(await keysOf('trash/')).toEqual([])
    })

    test('deletes many at once, and only them', async () => {
      const keys = ['a', 'b', 'c & <d>', "ü'%41+é"].map((each) => `voices/two/${each}`)
      for (const key of keys) await objects.put(key, Buffer.from(key))
      await objects.put('voices/two-b', Buffer.from('stays'))
      expect(await keysOf('voices/two/')).toEqual(keys)
      await objects.delete([...keys, ...keys])
      expect(await keysOf('voices/two')).toEqual(['voices/two-b'])
      expect(await objects.head(keys[0]!)).toBeUndefined()
    })

    test('moves an object, and replaces what is there', async () => {
      await objects.put('covers/old', Buffer.from('new'))
      await objects.put('trash/2026/covers/old', Buffer.from('old'))
      await objects.move('covers/old', 'trash/2026/covers/old')
      expect(await objects.head('covers/old')).toBeUndefined()
      expect((await readObject(objects, 'trash/2026/covers/old'))?.toString()).toBe('new')
      await objects.move('trash/2026/covers/old', 'covers/old')
      expect(await keysOf('trash/')).toEqual([])
      expect((await readObject(objects, 'covers/old'))?.toString()).toBe('new')
    })

    test('lists what begins with a prefix, thousands of them', async () => {
      const names = Array.from({ length: 1050 }, (_, index) => `p${index}`)
      const keys = [
        'clips/aa/b',
        'clips/a0',
        'clips/aa.json',
        'clips/ab/x/y',
        ...names.map((each) => `clips/${each}`),
      ]
      for (let at = 0; at < keys.length; at += 50) {
        await Promise.all(keys.slice(at, at + 50).map((key) => objects.put(key, Buffer.from(key))))
      }
      expect(await keysOf('clips/')).toEqual(keys.toSorted())
      expect(await keysOf('clips/a')).toEqual(['clips/a0', 'clips/aa.json', 'clips/aa/b', 'clips/ab/x/y'])
      expect(await keysOf('clips/ab/x/')).toEqual(['clips/ab/x/y'])
      for await (const each of objects.list('clips/aa/'))
        expect(each).toEqual(await objects.head('clips/aa/b'))
      await objects.delete(keys)
      expect(await keysOf('clips/')).toEqual([])
    })

    test('refuses strange keys alike', async () => {
      const path = join(folder, 'strange')
      await writeFile(path, 'stays')
      for (const key of strangeKeys) {
        const refused: [string, () => Promise<unknown>][] = [
          ['put', () => objects.put(key, Buffer.from('x'))],
          ['putFile', () => objects.putFile(key, path)],
          ['get', () => objects.get(key)],
          ['head', () => objects.head(key)],
          ['delete', () => objects.delete(['covers/none', key])],
          ['move from', () => objects.move(key, 'covers/none')],
          ['move to', () => objects.move('covers/none', key)],
          ['local file', () => objects.localFile(key)],
        ]
        for (const [method, work] of refused) {
          await expect(work(), `${method} ${JSON.stringify(key)}`).rejects.toThrow(
            'is not the key of an object',
          )
        }
      }
      for (const prefix of ['', 'c', 'covers', '/', 'covers/../', 'incoming/']) {
        await expect(keysOf(prefix)).rejects.toThrow('is not a prefix of keys')
      }
      expect(await readFile(path, 'utf8')).toBe('stays')
    })

    test.for([0, 12 * megabyte])('a body that breaks after %i bytes leaves what was there', async (size) => {
      await objects.put('sources/kept', Buffer.from('kept'))
      async function* broken() {
        yield* inChunks(randomBytes(size))
        throw new Error('the upload was cut off')
      }
      await expect(objects.put('sources/kept', broken())).rejects.toThrow('the upload was cut off')
      await expect(objects.put('sources/broken', broken())).rejects.toThrow('the upload was cut off')
      const aborting = new AbortController()
      async function* aborted() {
        yield* inChunks(randomBytes(size))
        aborting.abort(new Error('nobody wants it'))
        yield Buffer.from('last')
      }
      await expect(objects.put('sources/broken', aborted(), aborting.signal)).rejects.toThrow(
        'nobody wants it',
      )
      const path = join(folder, 'unwanted')
      await writeFile(path, 'x')
      await expect(objects.putFile('sources/broken', path, aborting.signal)).rejects.toThrow(
        'nobody wants it',
      )
      expect(await keysOf('sources/')).toEqual(['sources/kept'])
      expect((await readObject(objects, 'sources/kept'))?.toString()).toBe('kept')
    })

    test('of many who store one key at once, one wins as a whole', async () => {
      const bodies = Array.from({ length: 12 }, () => randomBytes(300_000))
      await Promise.all(bodies.map((body) => objects.put('covers/raced', inChunks(body))))
      expect(bodies.map(hashOf)).toContain(hashOf(await readObject(objects, 'covers/raced')))
    })

    test('gives a local file, to several at once, that is the newest', async () => {
      const bytes = randomBytes(3 * megabyte)
      await objects.put('voices/three/model.onnx', bytes)
      const files = await Promise.all(
        Array.from({ length: 6 }, () => objects.localFile('voices/three/model.onnx')),
      )
      for (const file of files) expect(hashOf(await readFile(file!.path))).toBe(hashOf(bytes))
      expect(new Set(files.map((file) => file?.path)).size).toBe(1)
      for (const file of files) await file?.[Symbol.asyncDispose]()
      await objects.put('voices/three/model.onnx', Buffer.from('changed'))
      await using changed = await objects.localFile('voices/three/model.onnx')
      expect(await readFile(changed!.path, 'utf8')).toBe('changed')
    })

    test('an object that is deleted while it is read is read to its end', async () => {
      const bytes = randomBytes(300_000)
      await objects.put('covers/short', bytes)
      const opened = await objects.get('covers/short')
      await objects.delete(['covers/short'])
      expect(hashOf(Buffer.concat((await opened?.body.toArray()) ?? []))).toBe(hashOf(bytes))
    })

    test('a body that is not wanted can be destroyed', async () => {
      await objects.put('covers/unread', randomBytes(2 * megabyte))
      for (let count = 0; count < 40; count++) (await objects.get('covers/unread'))?.body.destroy()
      expect((await readObject(objects, 'covers/unread'))?.length).toBe(2 * megabyte)
    })

    test('kill -9 in the middle of storing leaves the old object, or none', async () => {
      await objects.put('sources/replaced', Buffer.from('old'))
      for (const key of ['sources/replaced', 'sources/new']) {
        await using storing = await ObjectProcess.start({ store: store.address, put: key })
        await storing.megabytes(13)
        await storing.kill()
      }
      await sleep(300)
      expect((await readObject(objects, 'sources/replaced'))?.toString()).toBe('old')
      expect(await objects.head('sources/new')).toBeUndefined()
      expect(await keysOf('sources/new')).toEqual([])
    })

    test('what was acknowledged survives kill -9', async () => {
      await using storing = await ObjectProcess.start({
        store: store.address,
        put: 'sources/durable',
        megabytes: 3,
      })
      await storing.stored()
      await storing.kill()
      expect((await readObject(objects, 'sources/durable'))?.length).toBe(3 * megabyte)
    })
  })
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 60_000) yield bytes.subarray(at, at + 60_000)
}

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes)
}

function hashOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && createHash('sha256').update(bytes).digest('hex')
}
