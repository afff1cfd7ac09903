import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The way of a book: a folder imports only itself and what stands before it. */
const way = [
  'novel',
  'importer',
  'segmenter',
  'pronunciation',
  'audio',
  'speech',
  'library',
  'database',
  'generation',
  'listening',
  'http',
  'command',
]

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = filesBelow(join(root, 'src'))
const pages = filesBelow(join(root, 'web'))

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)].map(([, target]) =>
    join(dirname(file), target ?? ''),
  )
}

/** The folder below `src/`, '' for the root. */
function stageOf(file: string): string {
  const [first = '', ...rest] = relative(join(root, 'src'), file).split(sep)
  return rest.length === 0 ? '' : first
}

test('every folder of src/ is a stage of the way', () => {
  const stages = new Set(sources.map(stageOf).filter((stage) => stage !== ''))
  expect([...stages].toSorted()).toEqual(way.toSorted())
})

test('imports go one way, and nobody imports the root but the root', () => {
  const against = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.endsWith('package.json'))
      .filter((target) => {
        const [from, to] = [stageOf(file), stageOf(target)]
        if (from === '') return false
        return to === '' || way.indexOf(to) > way.indexOf(from)
      })
      .map((target) => `${relative(root, file)} → ${relative(root, target)}`),
  )
  expect(against).toEqual([])
})

test('the page imports nothing of src/ but the types of the contracts', () => {
  const against = pages.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith(join(root, 'src')))
      .filter((target) => !/src.http.[\w-]*contract\.ts$/.test(target) || !importsTypesOnly(file))
      .map((target) => `${relative(root, file)} → ${relative(root, target)}`),
  )
  expect(against).toEqual([])
})

function importsTypesOnly(file: string): boolean {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/import (type )?\{[^}]*\} from '[^']*http\/[\w-]*contract\.ts'/g)].every(
    ([, isType]) => isType !== undefined,
  )
}

test('only config.ts reads the environment', () => {
  const read = /process\.env(?!\['\w+'\] = )/
  const readers = sources.filter((file) => read.test(readFileSync(file, 'utf8')))
  expect(readers.map((file) => relative(root, file))).toEqual([join('src', 'config.ts')])
})

test('only onnx-runtime.ts loads ONNX Runtime, with its telemetry off', () => {
  const all = [...sources, ...filesBelow(join(root, 'bench')), ...filesBelow(join(root, 'test'))]
  const load = /^import (?!type\b).*'onnxruntime-node'|import\('onnxruntime-node'\)/m
  const loaders = all.filter((file) => load.test(readFileSync(file, 'utf8')))
  expect(loaders.map((file) => relative(root, file))).toEqual([join('src', 'speech', 'onnx-runtime.ts')])
})

test('only database/ writes SQL', () => {
  const writers = sources.filter(
    (file) =>
      !file.endsWith('.test.ts') &&
      stageOf(file) !== 'database' &&
      /\b(selectFrom|insertInto|deleteFrom|updateTable)\(|\bsql`/.test(readFileSync(file, 'utf8')),
  )
  expect(writers.map((file) => relative(root, file))).toEqual([])
})

test('no file is longer than 300 lines', () => {
  const long = [...sources, ...pages]
    .map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300)
  expect(long).toEqual([])
})
