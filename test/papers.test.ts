import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const papers = [
  ...readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Words in backticks that are the path of a file or a folder here: from the root, or below `src/`. */
const path = /^(?:[\w.-]+\/)*[\w.-]+\/?$/
// `dist/` is built.
const tops = readdirSync(root).filter((name) => name !== 'dist')
const stages = readdirSync(join(root, 'src'))

function namedPaths(text: string): string[] {
  const words = [...text.matchAll(/`([^`\s]+)`/g)].map(([, word]) => word ?? '')
  return words.filter((word) => {
    const [first = '', ...rest] = word.split('/')
    // Capitals stand for a name.
    if (!path.test(word) || rest.length === 0 || /\b[A-Z]{3,}\b/.test(word)) return false
    return tops.includes(first) || stages.includes(first)
  })
}

test.each(papers)('every file and folder that %s names is there', (paper) => {
  const named = namedPaths(readFileSync(join(root, paper), 'utf8'))
  const missing = named.filter(
    (each) => !existsSync(join(root, each)) && !existsSync(join(root, 'src', each)),
  )
  expect(missing).toEqual([])
})

test.each(papers)('what %s says to be in a file is there by that name', (paper) => {
  const text = readFileSync(join(root, paper), 'utf8')
  const said = [...text.matchAll(/`(\w+)(?:\(\))?` (?:\(|of |in )`((?:[\w.-]+\/)+[\w.-]+\.tsx?)`/g)]
  const wrong = said
    .map(([, name = '', file = '']) => ({ name, file }))
    .filter(({ name, file }) => {
      const at = [join(root, file), join(root, 'src', file)].find((each) => existsSync(each))
      return at === undefined || !new RegExp(`\\b${name}\\b`).test(readFileSync(at, 'utf8'))
    })
  expect(wrong).toEqual([])
})

test('what ARCHITECTURE.md and CONTRIBUTING.md call by a name of the code has that name', () => {
  const code = ['src', 'test', 'bench', 'web']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => /\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  const known = new Set(code.flatMap((text) => text.match(/\w+/g) ?? []))
  const unknown = ['ARCHITECTURE.md', 'CONTRIBUTING.md'].flatMap((paper) =>
    [...readFileSync(join(root, paper), 'utf8').matchAll(/`([\w.]+)`/g)]
      .map(([, name = '']) => name)
      // `oneName` or `OneName`, with or without a part of it.
      .filter((name) => /^\w*[a-z][A-Z]\w*(?:\.\w+)?$/.test(name))
      .filter((name) => !name.split('.').every((part) => known.has(part))),
  )
  expect(unknown).toEqual([])
})

test('every link from one paper to another leads somewhere', () => {
  const broken = papers.flatMap((paper) => {
    const text = readFileSync(join(root, paper), 'utf8')
    const folder = join(root, paper, '..')
    return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(folder, target)))
      .map((target) => `${paper} → ${target}`)
  })
  expect(broken).toEqual([])
})
