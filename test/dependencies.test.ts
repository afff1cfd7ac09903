import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { productionPackages } from '../deploy/production-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>
}

test('what the server imports are dependencies; what only the page and the tests need are none', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((path) => !/\.test\.ts$|\.d\.ts$/.test(path))
  const imported = new Set<string>()
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const [, name = ''] of text.matchAll(
      /(?:\bfrom |\bimport\(|\bimport |\bimport\.meta\.resolve\()'([^.'][^']*)'/g,
    )) {
      if (name.startsWith('node:')) continue
      imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    }
  }
  // `bin/nightjar.js` hands over to it.
  imported.add('node')
  expect([...imported].toSorted()).toEqual(Object.keys(dependencies).toSorted())
})

test('a package for another platform takes that platform’s binaries', () => {
  const on = (os: string, cpu: string) =>
    productionPackages(root, { os, cpu }).filter((name) => name.includes('@seydx'))
  expect(on('linux', 'arm64')).toEqual(['node_modules/@seydx/node-av-linux-arm64'])
  expect(on('linux', 'x64')).toEqual(['node_modules/@seydx/node-av-linux-x64'])
  const here = productionPackages(root, { os: process.platform, cpu: process.arch })
  expect(here.filter((path) => !existsSync(join(root, path)))).toEqual([])
  expect(here).toContain('node_modules/fastify')
  expect(here).not.toContain('node_modules/werift')
  expect(here).not.toContain('node_modules/react')
})
