import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fileChecksum } from '../src/storage/voices/catalogue-file-download.ts'
import {
  fetchVoice,
  discardDownload,
  placeVoice,
  removeVoice,
} from '../src/storage/voices/voice-model-files.ts'
import { downloadPath, openDataFolder, voiceFiles } from '../src/storage/local/data-paths.ts'
import { FolderObjectStore } from '../src/storage/folder/folder-object-store.ts'
import { trashUnreferencedDownloads } from '../src/storage/local/unreferenced-files.ts'
import { keysByName, removeLeftovers } from '../src/storage/unreferenced-objects.ts'
import { fetchVoiceCard } from '../src/storage/voices/voice-card.ts'
import { catalogueVoice, readCatalogue } from '../src/storage/voices/voice-catalogue-table.ts'
import { voiceSource } from '../src/storage/voices/voice-source.ts'
import type { CatalogueVoice } from '../src/novel/voice-catalogue.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { VoiceMirror } from './program/voice-mirror.ts'

// All files of a voice come into the install's folder, and from there in one step among the installed ones.

const model = randomBytes(400_000)
const config = Buffer.from('{"audio":{"sample_rate":22050}}')
const card = '# Model card for amy (low)\n\n* License: CC0\n'
const below = 'rhasspy/piper-voices/resolve/v1.0.0/en/en_US/amy/low'
const paths = { card: `${below}/MODEL_CARD`, config: `${below}/amy.onnx.json`, model: `${below}/amy.onnx` }

function md5(bytes: Uint8Array) {
  return { algorithm: 'md5', hex: createHash('md5').update(bytes).digest('hex') } as const
}

const amy: CatalogueVoice = {
  id: 'piper:en_US-amy-low',
  family: 'piper',
  language: 'en-US',
  languageName: 'English',
  nativeName: 'English',
  name: 'Amy',
  quality: 'low',
  speakers: 1,
  files: [
    { role: 'card', path: paths.card },
    { role: 'config', path: paths.config, checksum: md5(config) },
    { role: 'model', path: paths.model, bytes: model.length, checksum: md5(model) },
  ],
  bytes: model.length,
}

async function setUp() {
  const data = await temporaryFolder()
  const mirror = await VoiceMirror.start({ [paths.card]: card, [paths.config]: config, [paths.model]: model })
  return {
    mirror,
    folder: openDataFolder(data.path),
    source: voiceSource(mirror.address),
    [Symbol.asyncDispose]: async () => {
      await mirror[Symbol.asyncDispose]()
      await data[Symbol.asyncDispose]()
    },
  }
}

const signal = new AbortController().signal

test('a voice is fetched with its configuration and its card, and is placed in one step', async () => {
  await using at = await setUp()
  const progress: number[] = []
  const fetched = await fetchVoice(at.folder, at.source, amy, 'install-1', {
    signal,
    onProgress: (bytes) => progress.push(bytes),
  })
  expect(fetched).toEqual({ ...pathsIn(downloadPath(at.folder, 'install-1')), card })
  expect(progress.at(-1)).toBe(amy.bytes)
  const objects = new FolderObjectStore(at.folder.root, at.folder.temporary)
  const placed = join(at.folder.voices, 'install-1')
  await placeVoice(at.folder, objects, placedVoice('install-1'))
  expect((await readdir(placed)).toSorted()).toEqual(['MODEL_CARD', 'model.onnx', 'model.onnx.json'])
  expect(model.equals(await readFile(voiceFiles(placed).model))).toBe(true)
  expect(config.equals(await readFile(voiceFiles(placed).config))).toBe(true)
  expect(await readdir(at.folder.downloads)).toEqual([])
  // A kill between the step and its row: it is taken again.
  await placeVoice(at.folder, objects, placedVoice('install-1'))
  expect(await readdir(placed)).toHaveLength(3)
  await expect(placeVoice(at.folder, objects, placedVoice('never-fetched'))).rejects.toThrow('has no model')
})

function placedVoice(folder: string) {
  return { family: 'piper' as const, folder, checksum: 'a'.repeat(64) }
}

function pathsIn(path: string) {
  const { model, config } = voiceFiles(path)
  return { model, config }
}

test('what is there of a voice is not fetched again', async () => {
  await using at = await setUp()
  const ending = new AbortController()
  at.mirror.manner = ({ path }) => (path === paths.model ? { pauseMs: 2 } : {})
  const first = fetchVoice(at.folder, at.source, amy, 'install-1', {
    signal: ending.signal,
    onProgress: (bytes) => bytes > 100_000 && ending.abort(),
  })
  await expect(first).rejects.toThrow(/aborted/)
  await fetchVoice(at.folder, at.source, amy, 'install-1', { signal, onProgress: () => {} })
  const asked = at.mirror.requests.map(({ path, range }) => [path, range !== undefined])
  expect(asked).toEqual([
    [paths.config, false],
    [paths.card, false],
    [paths.model, false],
    [paths.model, true],
  ])
})

test('a source without cards, or with a book in their place, has voices all the same', async () => {
  await using at = await setUp()
  at.mirror.manner = ({ path }) => (path === paths.card ? { status: 404 } : {})
  expect(await fetchVoiceCard(at.source, amy, { signal })).toBeUndefined()
  const fetched = await fetchVoice(at.folder, at.source, amy, 'install-1', { signal, onProgress: () => {} })
  expect(fetched.card).toBeUndefined()
  for (const claim of [undefined, null] as const) {
    at.mirror.manner = () => ({ bytes: Buffer.alloc(64 * 1024 + 1, 'x'), ...(claim === null && { claim }) })
    expect(await fetchVoiceCard(at.source, amy, { signal })).toBeUndefined()
  }
  at.mirror.manner = ({ number }) => (number % 2 === 0 ? { cutAfter: 10 } : {})
  expect(await fetchVoiceCard(at.source, amy, { signal, pauseMs: 1 })).toBe(card)
})

test('a source without the configuration is told before the model is fetched', async () => {
  await using at = await setUp()
  at.mirror.manner = ({ path }) => (path === paths.config ? { status: 404 } : {})
  const fetching = fetchVoice(at.folder, at.source, amy, 'install-1', { signal, onProgress: () => {} })
  await expect(fetching).rejects.toThrow(/does not have .*amy\.onnx\.json\. Put it there/)
  expect(at.mirror.requests).toHaveLength(1)
  await discardDownload(at.folder, 'install-1')
  expect(await readdir(at.folder.downloads)).toEqual([])
})

test('only downloads that nobody needs go into the trash, and no voice does', async () => {
  await using data = await temporaryFolder()
  const folder = openDataFolder(data.path)
  for (const id of ['needed', 'left']) {
    for (const path of [join(folder.voices, id), downloadPath(folder, id)]) {
      await mkdir(path)
      await writeFile(join(path, 'model.onnx'), 'network')
    }
  }
  const needed = new Set(['needed'])
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  const swept = await trashUnreferencedDownloads(folder, needed, Date.now())
  expect(swept).toEqual({ names: ['left'], moved: true })
  expect([...(await keysByName(objects, 'voices')).keys()]).toEqual(['left', 'needed'])
  await removeLeftovers(objects, ['voices/left', 'voices/../nightjar.db', 'elsewhere/left'])
  expect(await readdir(folder.voices)).toEqual(['needed'])
  expect(await readdir(folder.downloads)).toEqual(['needed'])
  await removeVoice(objects, ['needed'])
  expect(await readdir(folder.voices)).toEqual([])
})

const joeFolder = fileURLToPath(new URL('../../shared/voices/joe', import.meta.url))

test.skipIf(!existsSync(joeFolder))(
  'Joe is fetched from a folder as he is published (needs ../shared)',
  async () => {
    await using data = await temporaryFolder()
    await using box = await temporaryFolder()
    const folder = openDataFolder(data.path)
    const joe = catalogueVoice(await readCatalogue(), 'piper:en_US-joe-medium')
    for (const { path } of joe.files) {
      const target = join(box.path, path)
      await mkdir(join(target, '..'), { recursive: true })
      await writeFile(target, await readFile(join(joeFolder, path.slice(path.lastIndexOf('/') + 1))))
    }
    const fetched = await fetchVoice(folder, voiceSource(box.path), joe, 'install-1', {
      signal,
      onProgress: () => {},
    })
    expect(fetched.card).toContain('License: CC0')
    expect(await fileChecksum(fetched.model, 'md5')).toBe('74fd6a4dc39e0aa9dce145d7f5acd4f6')
  },
)
