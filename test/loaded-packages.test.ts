import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

/**
 * Each is loaded by a child process, or where it is used. Together they take some 30 MB of a server's memory, of which a
 * book that is sent needs the rest.
 */
const loadedElsewhere = [
  '@echogarden/espeak-ng-emscripten',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'ajv',
  'chardet',
  'cmu-pronouncing-dictionary',
  'css-tree',
  'entities',
  'htmlparser2',
  'image-size',
  'jose',
  'node-av',
  'oauth4webapi',
  'onnxruntime-node',
  'openid-client',
  'pg',
  'pg-boss',
  's3mini',
  'yauzl',
]

test('a server on SQLite loads nothing that only other servers, other processes or few requests need', async () => {
  await using folder = await temporaryFolder()
  const bin = fileURLToPath(new URL('../bin/nightjar.js', import.meta.url))
  await using server = await ServerProcess.start({
    data: folder.path,
    // The option counts, not the setting.
    speakers: 1,
    program: [bin, 'serve', '--speakers', '0'],
    settings: {
      NIGHTJAR_DATABASE: '',
      NIGHTJAR_OBJECTS: '',
      NODE_OPTIONS: `--import ${new URL('program/loaded-packages.ts', import.meta.url).href}`,
    },
  })
  expect(await server.json('/api/health')).toMatchObject({ speakers: { wanted: 0 } })
  await server.stop()
  const line = server.log.split('\n').find((each) => each.startsWith('{"packages"')) ?? ''
  const { packages } = JSON.parse(line) as { packages: string[] }
  expect(packages).toContain('fastify')
  expect(packages.filter((name) => loadedElsewhere.includes(name))).toEqual([])
})
