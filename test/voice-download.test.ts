import { type ChildProcess, fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { download, type DownloadOptions } from '../src/storage/voices/catalogue-file-download.ts'
import { redirectFault } from '../src/storage/download/http-request.ts'
import { voiceSource } from '../src/storage/voices/voice-source.ts'
import { Failure } from '../src/novel/failure.ts'
import type { CatalogueFile } from '../src/novel/voice-catalogue.ts'
import type { DownloadThere } from './program/download-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { type Manner, VoiceMirror } from './program/voice-mirror.ts'

// A file of a voice is whole and right, or absent; what was fetched of it is not fetched again.

const path = 'rhasspy/piper-voices/resolve/v1.0.0/pt/pt_PT/tugão/medium/pt_PT-tugão-medium.onnx'
const model = randomBytes(1_000_003)

function fileOf(bytes: Uint8Array): CatalogueFile {
  const hex = createHash('md5').update(bytes).digest('hex')
  return { role: 'model', path, bytes: bytes.length, checksum: { algorithm: 'md5', hex } }
}

/** A mirror that has the model, and a place to put it. */
async function setUp() {
  const folder = await temporaryFolder()
  const mirror = await VoiceMirror.start({ [path]: model })
  const target = join(folder.path, 'install', 'model.onnx')
  return {
    mirror,
    folder: folder.path,
    target,
    part: `${target}.part`,
    fetch: (options: Partial<DownloadOptions> = {}, file = fileOf(model)) =>
      download(voiceSource(mirror.address), file, target, { ...patient, ...options }),
    [Symbol.asyncDispose]: async () => {
      await mirror[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const patient: DownloadOptions = {
  signal: new AbortController().signal,
  freeBytes: async () => 10 ** 12,
  pauseMs: 1,
}

/** What a download fails with. */
async function failureOf(downloading: Promise<void>): Promise<Failure> {
  const error = await downloading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Failure)) throw new Error('it did not fail as users can meet it', { cause: error })
  return error
}

/** First in one way, then in the other. */
function firstly(first: Manner, then: Manner = {}) {
  return ({ number }: { readonly number: number }) => (number === 0 ? first : then)
}

test('a file comes whole, and nothing is left beside it', async () => {
  await using at = await setUp()
  const progress: number[] = []
  await at.fetch({ onProgress: (bytes) => progress.push(bytes) })
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(await readdir(dirname(at.target))).toEqual(['model.onnx'])
  expect(progress.at(-1)).toBe(model.length)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(at.mirror.requests).toMatchObject([{ path, range: undefined }])
})

test('a file that is there already is not asked for', async () => {
  await using at = await setUp()
  await at.fetch()
  await at.fetch()
  expect(at.mirror.requests).toHaveLength(1)
})

test('killed with SIGKILL, the next process asks only for the rest', async () => {
  await using at = await setUp()
  at.mirror.manner = firstly({ pauseMs: 5 })
  const there: DownloadThere = { source: at.mirror.address, file: fileOf(model), target: at.target }
  const child = start(there)
  await waitUntil(() => existsSync(at.part) && (at.mirror.requests[0]?.sent ?? 0) > model.length / 3)
  await waitUntil(async () => (await stat(at.part)).size > model.length / 4)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const kept = (await stat(at.part)).size
  expect(kept).toBeLessThan(model.length)
  expect(existsSync(at.target)).toBe(false)
  const next = start(there)
  expect(await once(next, 'exit')).toEqual([0, null])
  expect(model.equals(await readFile(at.target))).toBe(true)
  const [first, second, ...more] = at.mirror.requests
  expect(first?.range).toBeUndefined()
  expect(second).toMatchObject({ range: `bytes=${kept}-`, sent: model.length - kept })
  expect(second?.ifRange).toMatch(/^"\w{32}"$/)
  expect(more).toEqual([])
  expect(await readdir(dirname(at.target))).toEqual(['model.onnx'])
})

function start(there: DownloadThere): ChildProcess {
  return fork(new URL('./program/download-process.ts', import.meta.url), [JSON.stringify(there)])
}

test('cut off at twenty random places, it goes on from each and is right in the end', async () => {
  await using at = await setUp()
  const cuts = Array.from({ length: 20 }, () => 1 + Math.floor((Math.random() * model.length) / 21))
  at.mirror.manner = ({ number }) => {
    const cutAfter = cuts[number]
    return cutAfter === undefined ? {} : { cutAfter }
  }
  await at.fetch()
  expect(model.equals(await readFile(at.target)), `cut after ${cuts.join(', ')}`).toBe(true)
  const begins = at.mirror.requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]))
  expect(begins).toHaveLength(21)
  for (const [number, begin] of begins.slice(1).entries()) {
    expect(begin - begins[number]!).toBe(cuts[number])
  }
})

test('a source that knows no ranges is asked for all of it again', async () => {
  await using at = await setUp()
  at.mirror.manner = firstly({ cutAfter: 300_000 }, { ignoreRange: true })
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests.map(({ sent }) => sent)).toEqual([300_000, model.length])
})

test('a source that knows no ranges and always breaks off at the same place is given up', async () => {
  await using at = await setUp()
  at.mirror.manner = () => ({ cutAfter: 300_000, ignoreRange: true })
  const failure = await failureOf(at.fetch())
  expect(failure.code).toBe('voice.unreachable')
  expect(at.mirror.requests).toHaveLength(6)
})

test.for([
  ['a strong ETag', '"one"', '"two"'],
  ['a weak ETag', 'W/"one"', 'W/"two"'],
] as const)('a file that has changed meanwhile, by %s, is fetched anew', async ([, before, after]) => {
  await using at = await setUp()
  const newer = randomBytes(model.length)
  at.mirror.manner = firstly({ cutAfter: 300_000, etag: before }, { etag: after, bytes: newer })
  await at.fetch({}, fileOf(newer))
  expect(newer.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests.at(-1)?.sent).toBe(newer.length)
})

test('without any ETag it goes on all the same: the checksum decides', async () => {
  await using at = await setUp()
  at.mirror.manner = firstly({ cutAfter: 300_000, etag: null }, { etag: null })
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests[1]).toMatchObject({ range: 'bytes=300000-', ifRange: undefined })
})

test('what a power cut has spoilt is fetched once more', async () => {
  await using at = await setUp()
  await mkdir(dirname(at.target))
  await writeFile(at.part, Buffer.alloc(500_000))
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests.map(({ range }) => range)).toEqual(['bytes=500000-', undefined])
})

test('what was killed between the last byte and the name only gets its name', async () => {
  await using at = await setUp()
  await mkdir(dirname(at.target))
  await writeFile(at.part, model)
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests).toEqual([])
})

test('other bytes than those of the catalogue are thrown away', async () => {
  await using at = await setUp()
  at.mirror.manner = () => ({ bytes: randomBytes(model.length) })
  const failure = await failureOf(at.fetch())
  expect(failure.code).toBe('voice.damaged')
  expect(failure.message).toMatch(
    /^pt_PT-tugão-medium\.onnx as 127\.0\.0\.1:\d+ gives it is not the file of the catalogue: its checksum is \w{32} instead of \w{32}\. Install/,
  )
  expect(await readdir(dirname(at.target))).toEqual([])
})

test('a claim of 2 GB is refused before anything of it is read, and what was kept stays', async () => {
  await using at = await setUp()
  const size = 2 * 1024 ** 3
  at.mirror.manner = firstly(
    { cutAfter: 300_000 },
    { claim: size, ignoreRange: true, endless: true, pauseMs: 1 },
  )
  const failure = await failureOf(at.fetch())
  expect(failure).toMatchObject({
    code: 'voice.damaged',
    details: { source: new URL(at.mirror.address).host },
  })
  expect(failure.message).toContain(`it has ${size} bytes instead of ${model.length}`)
  expect((await stat(at.part)).size).toBe(300_000)
  at.mirror.manner = () => ({})
  await at.fetch()
  expect(at.mirror.requests.at(-1)?.range).toBe('bytes=300000-')
})

test('a page that asks to log in is no voice, and spoils nothing', async () => {
  await using at = await setUp()
  const page = Buffer.from('<html>Welcome to our network</html>')
  at.mirror.manner = firstly({ cutAfter: 300_000 }, { bytes: page, headers: { 'content-type': 'text/html' } })
  expect((await failureOf(at.fetch())).message).toContain(
    `it has ${page.length} bytes instead of ${model.length}`,
  )
  expect((await stat(at.part)).size).toBe(300_000)
})

test('a source that does not stop sending is stopped where the file ends', async () => {
  await using at = await setUp()
  at.mirror.manner = () => ({ endless: true, claim: null })
  const failure = await failureOf(at.fetch())
  expect(failure.code).toBe('voice.damaged')
  expect(failure.message).toContain(`it does not end after ${model.length} bytes`)
  expect(await readdir(dirname(at.target))).toEqual([])
})

test('a configuration, whose size nobody knows before, may not be larger than any real one', async () => {
  await using at = await setUp()
  const config: CatalogueFile = { role: 'config', path, checksum: fileOf(model).checksum! }
  at.mirror.manner = () => ({ claim: 2 ** 22 + 1, endless: true })
  expect((await failureOf(at.fetch({}, config))).message).toContain('more than any real one')
  at.mirror.manner = firstly({ cutAfter: 300_000 })
  await at.fetch({}, config)
  expect(model.equals(await readFile(at.target))).toBe(true)
})

test('a source that falls silent counts as broken', async () => {
  await using at = await setUp()
  at.mirror.manner = firstly({ hangAfter: 300_000 })
  await at.fetch({ stallMs: 200 })
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(at.mirror.requests[1]?.range).toBe('bytes=300000-')
})

test('a source that never says a word is given up after five tries', async () => {
  await using at = await setUp()
  at.mirror.manner = () => ({ hangAfter: 0 })
  const failure = await failureOf(at.fetch({ stallMs: 50 }))
  expect(failure.message).toMatch(
    /^The voice cannot be fetched from 127\.0\.0\.1:\d+: it sends nothing\. Check the network, or set NIGHTJAR_VOICE_SOURCE to a mirror or a folder\.$/,
  )
  expect(at.mirror.requests).toHaveLength(5)
})

test('no network is told in one sentence that says what to do', async () => {
  await using at = await setUp()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const from = (address: string) =>
    failureOf(download(voiceSource(address), fileOf(model), at.target, patient))
  expect((await from(`http://127.0.0.1:${port}`)).message).toBe(
    `The voice cannot be fetched from 127.0.0.1:${port}: nothing answers there. Check the network, or set NIGHTJAR_VOICE_SOURCE to a mirror or a folder.`,
  )
  // Longer than a name may be: it is refused on this machine, no name server is asked.
  const host = `${'x'.repeat(64)}.invalid`
  expect((await from(`http://${host}`)).message).toMatch(
    new RegExp(
      `^The voice cannot be fetched from ${host}: (there is no host of this name|the name of the host)`,
    ),
  )
})

test('a file that the source does not have is not asked for twice', async () => {
  await using at = await setUp()
  const failure = await failureOf(at.fetch({}, { ...fileOf(model), path: 'rhasspy/none.onnx' }))
  expect(failure.code).toBe('voice.missing')
  expect(failure.message).toMatch(
    /^127\.0\.0\.1:\d+ does not have rhasspy\/none\.onnx\. Put it there, or set /,
  )
  expect(at.mirror.requests).toHaveLength(1)
})

test('a refusal is final, an overloaded source is asked again', async () => {
  await using at = await setUp()
  at.mirror.manner = () => ({ status: 403 })
  expect((await failureOf(at.fetch())).message).toContain('it answers with the status 403')
  expect(at.mirror.requests).toHaveLength(1)
  at.mirror.manner = ({ number }) => (number < 4 ? { status: 503, headers: { 'retry-after': '0' } } : {})
  await at.fetch()
  expect(at.mirror.requests).toHaveLength(5)
  expect(model.equals(await readFile(at.target))).toBe(true)
})

test('it is followed to where the large files are, five times at most, with what is still missing', async () => {
  await using at = await setUp()
  await using elsewhere = await VoiceMirror.start({ [path]: model })
  const hops = (count: number) => {
    at.mirror.manner = ({ path: asked }) => {
      const hop = Number(/^hop-(\d+)$/.exec(asked)?.[1] ?? 0)
      return { redirectTo: hop === count - 1 ? `${elsewhere.address}/${encodeURI(path)}` : `/hop-${hop + 1}` }
    }
  }
  hops(5)
  elsewhere.manner = firstly({ cutAfter: 300_000 })
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
  expect(elsewhere.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=300000-'])
  await rm(at.target)
  hops(6)
  expect((await failureOf(at.fetch())).message).toContain('it leads on more than 5 times')
  at.mirror.manner = () => ({ redirectTo: 'file:///etc/passwd' })
  expect((await failureOf(at.fetch())).message).toContain('it leads from http to file')
})

test('https never leads to http, http may lead to https', () => {
  const [plain, secure] = [new URL('http://one.example'), new URL('https://two.example')]
  expect(redirectFault(plain, secure, 0)).toBe('it leads from https to http')
  expect(redirectFault(secure, plain, 0)).toBeUndefined()
})

test('where there is no room, nothing is asked for', async () => {
  await using at = await setUp()
  const failure = await failureOf(at.fetch({ freeBytes: async () => 68_000_000 }))
  expect(failure.code).toBe('voice.no-room')
  expect(failure.message).toBe(
    'The disk has no room for pt_PT-tugão-medium.onnx: 68.1 MB are needed and 68.0 MB are free. Make room, then install the voice again.',
  )
  expect(at.mirror.requests).toEqual([])
  await at.fetch({ freeBytes: async () => 69_000_000 })
})

test.skipIf(!existsSync('/dev/full'))(
  'a disk that fills up in the middle is told (needs /dev/full)',
  async () => {
    await using at = await setUp()
    await mkdir(dirname(at.target))
    await symlink('/dev/full', at.part)
    const failure = await failureOf(at.fetch())
    expect(failure.code).toBe('voice.no-room')
    expect(existsSync(at.target)).toBe(false)
  },
)

test('ended by its signal, it keeps what is there and goes on another time', async () => {
  await using at = await setUp()
  at.mirror.manner = firstly({ pauseMs: 5 })
  const ending = new AbortController()
  const reason = new Error('cancelled by the user')
  const downloading = at.fetch({
    signal: ending.signal,
    onProgress: (bytes) => bytes > 300_000 && ending.abort(reason),
  })
  await expect(downloading).rejects.toBe(reason)
  const kept = (await stat(at.part)).size
  expect(kept).toBeGreaterThan(300_000)
  await at.fetch()
  expect(at.mirror.requests[1]).toMatchObject({ range: `bytes=${kept}-`, sent: model.length - kept })
})

test('ended while it waits for its next try, it ends at once', async () => {
  await using at = await setUp()
  const ending = new AbortController()
  const reason = new Error('the server stops')
  at.mirror.manner = () => {
    setTimeout(() => ending.abort(reason), 100)
    return { status: 503 }
  }
  await expect(at.fetch({ signal: ending.signal, pauseMs: 10 ** 8 })).rejects.toBe(reason)
})

test('a folder is a source like any other', async () => {
  await using at = await setUp()
  await using box = await temporaryFolder()
  const source = voiceSource(box.path)
  const lies = join(box.path, path)
  const large = randomBytes(3_000_000)
  const file = fileOf(large)
  const failing = () => failureOf(download(source, file, at.target, patient))
  expect((await failing()).message).toBe(
    `${box.path} does not have ${path}. Put it there, or set NIGHTJAR_VOICE_SOURCE to a source that has all voices.`,
  )
  await mkdir(dirname(lies), { recursive: true })
  await writeFile(lies, randomBytes(large.length))
  expect((await failing()).message).toContain('its checksum is')
  await writeFile(lies, Buffer.alloc(large.length + 1))
  expect((await failing()).message).toContain(`it has ${large.length + 1} bytes instead of`)
  await writeFile(lies, large)
  const ending = new AbortController()
  const stop = {
    ...patient,
    signal: ending.signal,
    onProgress: (bytes: number) => bytes > 0 && ending.abort(),
  }
  await expect(download(source, file, at.target, stop)).rejects.toThrow(/aborted/)
  const [kept, progress]: [number, number[]] = [(await stat(at.part)).size, []]
  expect(kept).toBeLessThan(large.length)
  await download(source, file, at.target, { ...patient, onProgress: (bytes) => progress.push(bytes) })
  expect(progress[0]).toBe(kept)
  expect(large.equals(await readFile(at.target))).toBe(true)
  expect(await readdir(dirname(at.target))).toEqual(['model.onnx'])
})

test('what one source has begun, another one finishes', async () => {
  await using at = await setUp()
  await using box = await temporaryFolder()
  await mkdir(dirname(join(box.path, path)), { recursive: true })
  await writeFile(join(box.path, path), model)
  at.mirror.manner = () => ({ cutAfter: 300_000, ignoreRange: true })
  expect((await failureOf(at.fetch())).code).toBe('voice.unreachable')
  const ending = new AbortController()
  const stop = {
    ...patient,
    signal: ending.signal,
    onProgress: (bytes: number) => bytes > 0 && ending.abort(),
  }
  await expect(download(voiceSource(box.path), fileOf(model), at.target, stop)).rejects.toThrow(/aborted/)
  at.mirror.manner = () => ({})
  await at.fetch()
  expect(model.equals(await readFile(at.target))).toBe(true)
})
