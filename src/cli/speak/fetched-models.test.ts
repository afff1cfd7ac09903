import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { VoiceMirror } from '../../../test/program/voice-mirror.ts'
import { FetchedModels } from './fetched-models.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const [model, other, config] = [randomBytes(100_000), randomBytes(60_000), randomBytes(900)]
const leased = {
  checksum: sha256(model),
  configChecksum: sha256(config),
  language: 'en-US',
  bytes: model.length,
}
const second = { checksum: sha256(other), language: 'en-US', bytes: 0 }

/** A server that has the files, and machines that share a cache. */
async function open(limit = 10 ** 9) {
  const stack = new AsyncDisposableStack()
  const { path: folder } = stack.use(await temporaryFolder())
  const files = Object.fromEntries([model, other, config].map((bytes) => [`files/${sha256(bytes)}`, bytes]))
  const mirror = stack.use(await VoiceMirror.start(files))
  const { signal } = new AbortController()
  const source = () => ({ kind: 'address', address: new URL('/files', mirror.address) }) as const
  return {
    folder,
    mirror,
    machine: () => new FetchedModels({ folder, limit, source, signal }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

test('each file is fetched once, however many ask for it at the same time, on two machines with one cache', async () => {
  await using here = await open()
  const [one, two] = [here.machine(), here.machine()]
  const got = await Promise.all([one, one, two, two].map((machine) => machine.get(leased)))
  for (const each of got) {
    expect(each).toMatchObject({
      checksum: leased.checksum,
      configChecksum: leased.configChecksum,
      language: 'en-US',
    })
    expect((await readFile(each.model)).equals(model)).toBe(true)
    expect((await readFile(each.config ?? '')).equals(config)).toBe(true)
  }
  expect(here.mirror.requests).toHaveLength(2)
})

test('what was not used lately goes when there is too much', async () => {
  await using here = await open(120_000)
  const machine = here.machine()
  const { model: path } = await machine.get(leased)
  // In use: it stays, though it is too much.
  await machine.get(second)
  expect(existsSync(path)).toBe(true)
  const earlier = new Date(Date.now() - 3_600_000)
  for (const name of [leased.checksum, leased.configChecksum])
    await utimes(join(here.folder, name), earlier, earlier)
  await writeFile(join(here.folder, second.checksum), 'damaged')
  expect(await machine.removeDamaged(second)).toBe(true)
  expect((await readFile((await machine.get(second)).model)).equals(other)).toBe(true)
  expect([existsSync(path), existsSync(join(here.folder, second.checksum))]).toEqual([false, true])
  expect(await machine.removeDamaged(second)).toBe(false)
})

test('a voice that the server does not have any more is a failure, and can be had later', async () => {
  await using here = await open()
  here.mirror.manner = () => ({ status: 404 })
  await expect(here.machine().get(second)).rejects.toMatchObject({ code: 'voice.missing' })
  here.mirror.manner = () => ({})
  await expect(here.machine().get(second)).resolves.toMatchObject({ checksum: second.checksum })
})
