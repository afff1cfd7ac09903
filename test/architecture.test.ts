import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The stages of a book's way: a folder imports only itself and those before it. */
const stages = [
  'novel',
  'importer',
  'segmenter',
  'cast',
  'pronunciation',
  'lexicon',
  'audio',
  'speech',
  'storage',
  'accounts',
  'jobs',
  'playback',
  'exports',
  'http',
  'cli',
]

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = filesBelow(join(root, 'src'))
const pages = filesBelow(join(root, 'web'))
const all = ['src', 'web', 'bench', 'test', 'deploy', 'docs'].flatMap((folder) =>
  filesBelow(join(root, folder)),
)

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

/** What puts the whole together: the files of `src/` itself, and `src/composition/`. */
function isRoot(stage: string): boolean {
  return stage === '' || stage === 'composition'
}

test('every folder of src/ is a stage, or the composition root', () => {
  const folders = new Set(sources.map(stageOf).filter((stage) => stage !== ''))
  expect([...folders].toSorted()).toEqual(['composition', ...stages].toSorted())
})

test('imports go one way, and only the root imports the root', () => {
  const against = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.endsWith('package.json'))
      .filter((target) => {
        const [from, to] = [stageOf(file), stageOf(target)]
        if (isRoot(from)) return false
        return isRoot(to) || stages.indexOf(to) > stages.indexOf(from)
      })
      .map((target) => `${relative(root, file)} → ${relative(root, target)}`),
  )
  expect(against).toEqual([])
})

/** Implementations behind a seam. */
const implementations = [
  'importer/epub',
  'importer/fb2',
  'importer/html',
  'importer/markdown',
  'importer/mobi',
  'importer/office',
  'importer/pdf',
  'importer/rtf',
  'importer/text',
  'jobs/distributed',
  'jobs/in-process',
  'jobs/postgres',
  'speech/engines',
  'storage/clips',
  'storage/folder',
  'storage/in-process',
  'storage/postgres',
  'storage/s3',
  'storage/sqlite',
]

/** The tables that load implementations on demand. */
const registries = ['importer/format-registry.ts', 'speech/worker/engine-registry.ts']

test('implementations are imported by the composition root alone', () => {
  const found = sources
    .map((file) => ({
      file: relative(join(root, 'src'), file).split(sep).join('/'),
      imports: importsOf(file),
    }))
    .filter(({ file }) => !file.endsWith('.test.ts') && !file.startsWith('composition/'))
    .filter(({ file }) => !registries.includes(file))
    .flatMap(({ file, imports }) => {
      const targets = imports.map((target) => relative(join(root, 'src'), target).split(sep).join('/'))
      return implementations
        .filter((folder) => !file.startsWith(`${folder}/`))
        .filter((folder) => targets.some((target) => target.startsWith(`${folder}/`)))
        .map((folder) => `${file} → ${folder}`)
    })
  expect(found).toEqual([])
})

/** The seams that have a suite: `test/contracts/clip-store-contract.ts` has `clipStoreContract`, which each `ClipStore` passes. */
const suites = filesBelow(join(root, 'test', 'contracts')).map((file) => {
  const seam = basename(file, '-contract.ts').replaceAll(/(?:^|-)(.)/g, (_, letter: string) =>
    letter.toUpperCase(),
  )
  return { file, seam, call: `${seam.charAt(0).toLowerCase()}${seam.slice(1)}Contract` }
})

test('a seam has one suite, which each of its implementations passes', () => {
  expect(suites.map(({ seam }) => seam)).toEqual(
    expect.arrayContaining([
      'BookFormat',
      'ClipStore',
      'Database',
      'EventBus',
      'JobQueue',
      'Lock',
      'ObjectStore',
      'SegmentScheduler',
      'SpeechEngine',
    ]),
  )
  const tests = [...sources, ...filesBelow(join(root, 'test'))].filter((file) => file.endsWith('.test.ts'))
  const classes = sources
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...code(file).matchAll(
        /^(?:export )?(abstract )?class (\w+)[^{]*?(?: extends (\w+))?(?: implements ([^{]+))? \{/gm,
      ),
    ])
    .map(([, abstract, name = '', base, interfaces = '']) => ({ abstract, name, base, interfaces }))
  const wrong = suites.filter(({ seam, call }) => {
    const direct = classes.filter(({ interfaces }) => new RegExp(`\\b${seam}\\b`).test(interfaces))
    const all = direct.flatMap((one) =>
      one.abstract ? classes.filter(({ base }) => base === one.name) : [one],
    )
    const calls = tests.flatMap(
      (file) => readFileSync(file, 'utf8').match(new RegExp(`^ *${call}\\(`, 'gm')) ?? [],
    )
    return calls.length < Math.max(1, all.length)
  })
  expect(wrong).toEqual([])
})

test('functions take the parts that they use, by `Pick<Application, …>`, not the whole application', () => {
  const application = join(root, 'src', 'jobs', 'application.ts')
  const takers = sources
    .filter((file) => !isRoot(stageOf(file)) && !file.endsWith('.test.ts') && file !== application)
    .filter((file) => /(?<!import type \{ |Pick<\s*)\bApplication\b(?!,? *\} from)/.test(code(file)))
    .map((file) => relative(join(root, 'src'), file).split(sep).join('/'))
  // It hands every route its parts.
  expect(takers).toEqual(['http/http-server.ts'])
})

/** Without its comments. */
function code(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/^ *(?:\/?\*|\/\/).*$/gm, '')
}

/** Rules that hold on a server and in a page without one. They need nothing: all that they import are types, and each other. */
const common = [
  'novel/heard',
  'novel/model-parts',
  'novel/segment',
  'playback/search/folding',
  'playback/search/snippet',
  'playback/search/text-matches',
].map((name) => join(root, 'src', `${name}.ts`))

test('the page imports nothing of src/ but the types of the contracts, and rules that need nothing', () => {
  const against = pages.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith(join(root, 'src')) && !common.includes(target))
      .filter((target) => !/src.http.contract.[\w-]*contract\.ts$/.test(target) || !importsTypesOnly(file))
      .map((target) => `${relative(root, file)} → ${relative(root, target)}`),
  )
  expect(against).toEqual([])
  const needs = common.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^import (?!type )[^']*'([^']+)'/gm)]
      .map(([, target = '']) => join(dirname(file), target))
      .filter((target) => !common.includes(target))
      .map((target) => `${relative(root, file)} → ${target}`),
  )
  expect(needs).toEqual([])
})

function importsTypesOnly(file: string): boolean {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/import (type )?\{[^}]*\} from '[^']*http\/contract\/[\w-]*contract\.ts'/g)].every(
    ([, isType]) => isType !== undefined,
  )
}

test('only config.ts reads the environment', () => {
  const read = /process\.env(?!\['\w+'\] = )/
  const readers = sources.filter((file) => read.test(readFileSync(file, 'utf8')))
  expect(readers.map((file) => relative(root, file))).toEqual([join('src', 'config.ts')])
})

test('only onnx-network.ts loads ONNX Runtime, with its telemetry off', () => {
  const load = /^import (?!type\b).*'onnxruntime-node'|import\('onnxruntime-node'\)/m
  const loaders = all.filter((file) => load.test(readFileSync(file, 'utf8')))
  expect(loaders.map((file) => relative(root, file))).toEqual([
    join('src', 'speech', 'onnx', 'onnx-network.ts'),
  ])
})

test('only storage/ writes SQL', () => {
  const writers = sources.filter(
    (file) =>
      !file.endsWith('.test.ts') &&
      stageOf(file) !== 'storage' &&
      /\b(selectFrom|insertInto|deleteFrom|updateTable)\(|\bsql`/.test(readFileSync(file, 'utf8')),
  )
  expect(writers.map((file) => relative(root, file))).toEqual([])
})

test('what state a novel is in is said by its name', () => {
  const bare = /complete\b['"]?\s*(?:, '(?:=|in)',|:|=|IN)\s*[([]?[0-3]\b/
  const told = sources.filter((file) => !file.includes('migrations') && bare.test(readFileSync(file, 'utf8')))
  expect(told).toEqual([])
})

test('no file is longer than 300 lines', () => {
  const long = [...sources, ...pages]
    .map((file) => ({ file: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300)
  expect(long).toEqual([])
})

test('no file imports itself by way of others, types included', () => {
  const imports = new Map(all.map((file) => [file, importsOf(file)]))
  const cycles: string[] = []
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(root, each)).join(' → '))
      return
    }
    if (finished.has(file)) return
    for (const target of imports.get(file) ?? []) visit(target, [...path, file])
    finished.add(file)
  }
  for (const file of all) visit(file, [])
  expect(cycles).toEqual([])
})

test('the name of a file of src/ says what it is without its folder', () => {
  const names = sources.filter((file) => !/\.(?:test|d)\.ts$/.test(file)).map((file) => basename(file))
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

/** A file and what comes with it, without what is fetched later. */
function comesWith(file: string, met = new Set<string>()): Set<string> {
  if (met.has(file)) return met
  met.add(file)
  if (!/\.tsx?$/.test(file)) return met
  const statements = readFileSync(file, 'utf8').matchAll(/^import (?!type )(?:[^';]+ from )?'(\.[^']+)'/gm)
  for (const [, target = ''] of statements) comesWith(join(dirname(file), target), met)
  return met
}

/** Files of the page that are fetched when somebody enters a room: each with what comes with it. */
const rooms = [
  ...readFileSync(join(root, 'web', 'lazy-pages', 'lazy-pages.ts'), 'utf8').matchAll(
    /import\('\.\.\/([^']+)'\)/g,
  ),
].map(([, name = '']) => join(root, 'web', name))

test.each([undefined, ...rooms])('what %s shows does not wait for the styles of another page', (room) => {
  const first = comesWith(join(root, 'web', 'main.tsx'))
  const shown = room === undefined ? first : comesWith(room)
  const sheets = readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.css'))
    .map((name) => join(root, 'web', name))
  const classesIn = (files: readonly string[]) =>
    new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/(?<=\.)[a-z][\w-]*/g) ?? []))
  const here = classesIn(sheets.filter((sheet) => first.has(sheet) || shown.has(sheet)))
  const later = classesIn(sheets)
  const unstyled = [...shown]
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/className="([^"]+)"/g)]
        .flatMap(([, names = '']) => names.split(' '))
        .filter((name) => later.has(name) && !here.has(name))
        .map((name) => `${relative(root, file)}: ${name}`),
    )
  expect(unstyled).toEqual([])
})
