import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { importBytes } from '../fixtures/import-bytes.ts'
import { launchChromium } from '../browser/chromium.ts'
import { maySkip } from '../program/skip-policy.ts'

const hasPandoc = spawnSync('pandoc', ['--version']).status === 0

const prose = (of: string): string =>
  Array.from(
    { length: 12 },
    (_, at) =>
      `<p>${of} ${at + 1}: it was a <em>long</em> way to the sea, and nobody who had gone there had come back. “No!” she said. 他走了。 Nàng đi rồi.</p>`,
  ).join('')

const epub = buildEpub({
  title: 'The Sea',
  pages: [
    {
      name: 'one.xhtml',
      body: `<h1>Chapter One</h1>${prose('Morning')}<blockquote><p>So it is written.</p></blockquote><p>Said &amp; done &lt;today&gt;.</p>`,
    },
    { name: 'two.xhtml', body: `<h1>Chapter Two</h1>${prose('Noon')}<ul><li>Salt</li><li>Bread</li></ul>` },
    { name: 'three.xhtml', body: `<h1>Chapter Three</h1>${prose('Evening')}` },
  ],
  nav: '<ol><li><a href="one.xhtml">Chapter One</a></li><li><a href="two.xhtml">Chapter Two</a></li><li><a href="three.xhtml">Chapter Three</a></li></ol>',
})

/** All words of a chapter, in order; how blocks are divided and lists marked is each format's own. */
function wordsOf({ blocks }: { readonly blocks: readonly { readonly text: string }[] }): string {
  return blocks
    .map(({ text }) => text)
    .join(' ')
    .replaceAll(/[\s•]+/g, ' ')
}

const sea = await importBytes(await epub, 'sea.epub')

/** Expects the chapters and words of the EPUB, `without` these. */
async function expectSea(bytes: Uint8Array, ending: string, format = ending, without = ''): Promise<void> {
  const novel = await importBytes(bytes, `sea.${ending}`)
  expect(novel.report.format).toBe(format)
  const body = novel.chapters.filter(({ matter }) => matter === 'body')
  expect(body.map(({ title }) => title)).toEqual(sea.chapters.map(({ title }) => title))
  expect(body.map(wordsOf)).toEqual(sea.chapters.map((chapter) => wordsOf(chapter).replaceAll(without, '')))
}

/** What Pandoc makes of the EPUB. */
async function byPandoc(...options: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-pandoc-'))
  try {
    const [source, made] = [join(folder, 'sea.epub'), join(folder, 'made')]
    await writeFile(source, await epub)
    const { status, stderr } = spawnSync('pandoc', ['--standalone', ...options, source, '--output', made])
    expect([status, String(stderr)]).toEqual([0, expect.any(String)])
    return await readFile(made)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test.skipIf(maySkip(hasPandoc)).for(['docx', 'odt', 'fb2', 'rtf', 'html'])(
  'a book that Pandoc has written as %s has the chapters and words of its EPUB (needs pandoc)',
  async (format) => expectSea(await byPandoc('--to', format), format),
)

test.skipIf(maySkip(hasPandoc))(
  'a book that Pandoc has written as Markdown has the chapters and words of its EPUB (needs pandoc)',
  async () => expectSea(await byPandoc('--to', 'gfm'), 'md', 'markdown'),
)

test.skipIf(maySkip(hasPandoc))(
  'a book that Chromium has printed as PDF has the chapters and words of its EPUB (needs pandoc)',
  async ({ skip }) => {
    await using browser = await launchChromium()
    if (!browser) skip('needs an installed Chrome, Chromium or Edge on this system')
    const page = await browser!.newPage()
    // The browser may have no typeface for these, and prints nothing then.
    const chinese = '他走了。 '
    await page.setContent(String(await byPandoc('--to', 'html')).replaceAll(/他走了。\s/g, ''))
    await expectSea(await page.pdf(), 'pdf', 'pdf', chinese)
  },
)
