import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { assemblePackage, treeBytes } from '../../deploy/package-tree.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { expectWholeStudio } from '../program/whole-studio.ts'

// The tree that packages and images are made of, outside the repository, where no other package can be found.

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const tree = join(folder.path, 'app')
await assemblePackage(tree)
const modules = join(tree, 'node_modules')

test('the packages of the tree have at most 272 MB without Node, of one platform, and nothing for programmers', async () => {
  const bytes = await treeBytes(modules, (path) => path.startsWith(join(modules, 'node') + sep))
  expect(bytes).toBeLessThanOrEqual(272 * 1024 * 1024)
  expect(readdirSync(join(modules, 'onnxruntime-node/bin/napi-v6'))).toEqual([process.platform])
  expect(readdirSync(join(modules, '@seydx'))).toEqual([expect.stringContaining(process.arch)])
  for (const name of ['react', 'vite', 'werift', 'vitest', 'typescript', 'adm-zip'])
    expect(existsSync(join(modules, name)), name).toBe(false)
  const files = readdirSync(tree, { recursive: true, encoding: 'utf8' })
  expect(files.filter((name) => /\.map$|\.d\.[cm]?ts$|\.test\.ts$/.test(name))).toEqual([])
  // Each package keeps the terms under which it may be passed on.
  for (const name of ['fastify', 'node-av', '@echogarden/espeak-ng-emscripten'])
    expect(
      readdirSync(join(modules, name)).some((file) => /^(?:licen[cs]e|copying)/i.test(file)),
      name,
    ).toBe(true)
})

test('the tree alone imports a book, speaks it and serves it, also after kill -9', async () => {
  const data = join(folder.path, 'data')
  const options = {
    data,
    program: [join(tree, 'bin/nightjar.js'), 'serve'],
    settings: { HOME: '/nonexistent', NODE_PATH: '' },
  }
  let before: Uint8Array
  let id: string
  {
    await using server = await ServerProcess.start(options)
    ;({ id, chapter: before } = await expectWholeStudio(server))
    await server.kill()
  }
  await using again = await ServerProcess.start(options)
  const heard = await again.fetch(`/api/novels/${id}/chapters/1/audio.m4a?voice=hibari:heart`)
  expect(Buffer.from(await heard.arrayBuffer()).equals(before)).toBe(true)
})

test('the package that npm makes holds the page and no tests', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  })
  const [{ files }] = JSON.parse(answer) as [{ files: { path: string }[] }]
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['bin/nightjar.js', 'src/cli.ts', 'dist/web/index.html']))
  expect(paths.filter((path) => /\.test\.ts$|^(?:test|bench|web)\//.test(path))).toEqual([])
})
