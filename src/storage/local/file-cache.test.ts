import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { FileCache, type FileCacheOptions } from './file-cache.ts'

const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const [one, two, three] = ['one', 'two', 'three'].map(nameOf) as [string, string, string]
const writes = (bytes: number) => (path: string) => writeFile(path, Buffer.alloc(bytes))

async function open(options: Partial<FileCacheOptions> = {}) {
  const { path: folder, [Symbol.asyncDispose]: close } = await temporaryFolder()
  const cache = new FileCache({ folder, limit: 250, ...options })
  /** So many seconds since its last use. */
  const age = (name: string, seconds: number) => {
    const then = new Date(Date.now() - seconds * 1000)
    return utimes(cache.pathOf(name), then, then)
  }
  return { cache, folder, age, [Symbol.asyncDispose]: close }
}

test('over the limit the least recently used go, but none in use and not what was just added', async () => {
  await using here = await open()
  const { cache, age, folder } = here
  await cache.add(one, writes(100))
  await cache.add(two, writes(100))
  await age(one, 10)
  await age(two, 20)
  await writeFile(`${cache.pathOf(one)}.lock`, Buffer.alloc(1000))
  const used = await cache.use(two)
  await cache.add(three, writes(100))
  expect([one, two, three].map((name) => existsSync(cache.pathOf(name)))).toEqual([false, true, true])
  // Two in use are too much; the one that is closed first goes then.
  const other = await cache.use(three)
  await cache.add(one, writes(200))
  expect(readdirSync(folder)).toHaveLength(4)
  await age(three, 5)
  await other?.[Symbol.asyncDispose]()
  expect(await cache.use(three)).toBeUndefined()
  expect(existsSync(used!.path)).toBe(true)
})

test('a file that is removed is not used any more, and stays for those that use it', async () => {
  await using here = await open()
  const { cache } = here
  await cache.add(one, writes(1))
  const [first, second] = [await cache.use(one), await cache.use(one)]
  await cache.remove(one)
  expect(await cache.use(one)).toBeUndefined()
  await first?.[Symbol.asyncDispose]()
  expect(existsSync(second!.path)).toBe(true)
  await second?.[Symbol.asyncDispose]()
  expect(existsSync(second!.path)).toBe(false)
  await cache.add(one, writes(1))
  const third = await cache.use(one)
  await cache.remove(one)
  await cache.add(one, writes(1))
  await third?.[Symbol.asyncDispose]()
  expect(existsSync((await cache.use(one))!.path)).toBe(true)
})

test('a file that another process may be about to open is kept for a while', async () => {
  await using here = await open({ keepMs: 60_000 })
  const { cache, age } = here
  await cache.add(one, writes(200))
  await cache.add(two, writes(200))
  expect(existsSync(cache.pathOf(one))).toBe(true)
  await age(one, 100)
  await cache.add(three, writes(10))
  expect([one, two, three].map((name) => existsSync(cache.pathOf(name)))).toEqual([false, true, true])
})

test('a file is added once, however many ask; one that could not be added is added by the next', async () => {
  await using here = await open()
  let times = 0
  const write = async (path: string): Promise<void> => {
    if (times++ === 0) throw new Error('no luck')
    await writeFile(path, 'x')
  }
  const tries = () => Promise.allSettled([here.cache.add(one, write), here.cache.add(one, write)])
  expect((await tries()).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect((await tries()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(times).toBe(2)
})
