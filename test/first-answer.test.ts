import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const recorder = fileURLToPath(new URL('./program/record-modules.ts', import.meta.url))
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

/** What an embedded server needs for some requests, in other processes, or never. */
const laterPackages =
  '@echogarden @fastify/ajv-compiler chardet css-tree htmlparser2 mammoth node-av onnxruntime-node pg pg-boss s3mini unpdf yauzl'
const laterFolders =
  'cli/speak importer/epub importer/text importer/xhtml jobs/distributed jobs/postgres ' +
  'pronunciation/english pronunciation/espeak segmenter/spoken speech/engines storage/postgres storage/s3'
const later = [
  ...laterPackages.split(' ').map((name) => `node_modules/${name}/`),
  ...laterFolders.split(' ').map((name) => `src/${name}/`),
]

test('what the first answer does not need is not loaded before it, nor is what was compiled written', async () => {
  await using folder = await temporaryFolder()
  const at = {
    data: `${folder.path}/data`,
    compiled: `${folder.path}/compiled`,
    loaded: `${folder.path}/loaded`,
  }
  mkdirSync(at.compiled)
  await using server = await ServerProcess.start({
    data: at.data,
    // They would write what they have compiled, too.
    speakers: 0,
    program: [`--import=${recorder}`, cli, 'serve'],
    settings: { LOADED_MODULES: at.loaded, NODE_COMPILE_CACHE: at.compiled },
  })
  expect(await server.json('/api/novels')).toEqual({ success: true, novels: [] })
  const root = new URL('..', import.meta.url).href
  const urls = readFileSync(at.loaded, 'utf8').split('\n')
  const modules = urls.filter((url) => url.startsWith(root)).map((url) => url.slice(root.length))
  expect(modules.filter((name) => later.some((start) => name.startsWith(start)))).toEqual([])
  // The first speech worker starts while the rest of the program is loaded.
  const [worker, rest] = ['src/speech/worker/worker-process.ts', 'src/server.ts'].map((name) =>
    modules.indexOf(name),
  )
  expect([worker, rest].toSorted((one = 0, other = 0) => one - other)).toEqual([worker, rest])
  expect(worker).toBeGreaterThan(0)
  expect(filesBelow(at.compiled)).toBe(0)
  await server.stop()
  expect(filesBelow(at.compiled)).toBeGreaterThan(100)
})

function filesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length
}
