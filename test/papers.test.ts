import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const papers = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
const textOf = (paper: string): string => readFileSync(join(root, paper), 'utf8')
const codeOf = (text: string): string[] =>
  [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code]) => code ?? '')

/** The anchor that a forge makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .trim()
    .replaceAll(' ', '-')

test.each(papers)('the links of %s lead to files and headings that exist', (paper) => {
  const broken = [...textOf(paper).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].filter(
    ([, file = '', anchor]) => {
      const target = file === '' ? paper : join(dirname(paper), file)
      if (!existsSync(join(root, target))) return true
      if (anchor === undefined) return false
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        anchorOf(heading),
      )
      return !headings.includes(anchor)
    },
  )
  expect(broken.map(([link]) => link)).toEqual([])
})

/** Paths within the repository; capitals stand for a name to be chosen: `src/exports/NAME/`. */
const pathsIn = (text: string, stages: readonly string[]): string[] =>
  codeOf(text).filter((code) => {
    const [first = '', ...rest] = code.split('/')
    if (rest.length === 0 || !/^[\w./-]+$/.test(code) || /\b(?!README)[A-Z]{3,}\b/.test(code)) return false
    return (
      ['src', 'test', 'bench', 'web', 'docs'].includes(first) ||
      (stages.includes(first) && code.endsWith('.ts'))
    )
  })

test.each(papers)('the files of the repository that %s names exist', (paper) => {
  const stages = readdirSync(join(root, 'src'))
  const absent = pathsIn(textOf(paper), stages).filter(
    // Within a text a file may be named from its stage on: `jobs/import/novel-commands.ts`.
    (path) => !existsSync(join(root, path)) && !existsSync(join(root, 'src', path)),
  )
  expect(absent).toEqual([])
})

test('ARCHITECTURE.md has every stage, and its identifiers are in the code', () => {
  const text = textOf('ARCHITECTURE.md')
  const stages = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  for (const { name } of stages) expect(text).toContain(`\nsrc/${name}/`)
  const code = ['src', 'web', 'test', 'bench']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'papers.test.ts')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
  const identifiers = codeOf(text).filter((each) => /^[A-Za-z]+[a-z][A-Z]\w+$/.test(each))
  expect(identifiers.length).toBeGreaterThan(10)
  expect(identifiers.filter((name) => !code.includes(name))).toEqual([])
})

test('ARCHITECTURE.md has the folders of every stage, of the page and of the tests', () => {
  const text = textOf('ARCHITECTURE.md')
  const [, folders = ''] = text.split('\n## Folders')
  const stages = readdirSync(join(root, 'src'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join('src', entry.name)] : [],
  )
  const absent = [...stages, 'web', 'test', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !folders.includes(`${entry.name}/`))
      .map((entry) => join(folder, entry.name)),
  )
  expect(absent).toEqual([])
})

test.each(papers)('what %s says to be in a file is there by that name', (paper) => {
  // `importNovel` (`jobs/import/novel-commands.ts`), `startApplication` in `test/…`
  const said = textOf(paper).matchAll(/`(\w+)` (?:\(|of |in )`((?:[\w.-]+\/)+[\w.-]+\.tsx?)`/g)
  const wrong = [...said].filter(([, name = '', file = '']) => {
    const at = [join(root, file), join(root, 'src', file)].find((path) => existsSync(path))
    return at === undefined || !new RegExp(`\\b${name}\\b`).test(readFileSync(at, 'utf8'))
  })
  expect(wrong.map(([found]) => found)).toEqual([])
})

test('each point of the security standard names a test that shows it, or says that it is not there', () => {
  const [, table = ''] = textOf('SECURITY.md').split('\n## OWASP ASVS')
  const points = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, number = '']) => /^\d/.test(number))
  expect(points.length).toBeGreaterThan(25)
  const unshown = points.filter(
    ([, , what = '', shown = '']) =>
      !/^\*\*not (?:there|here)\*\*/.test(what) && !/`[\w/.-]+\.test\.tsx?`/.test(shown),
  )
  expect(unshown.map(([, number]) => number)).toEqual([])
})
