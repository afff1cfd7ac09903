import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildEpub } from '../fixtures/epub.ts'
import { importBytes } from '../fixtures/import-bytes.ts'

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

test.skipIf(!hasPandoc).for(['docx', 'odt', 'fb2', 'rtf', 'html'])(
  'a book that Pandoc has written as %s has the chapters and words of its EPUB (needs pandoc)',
  async (format) => {
    const folder = await mkdtemp(join(tmpdir(), 'nightjar-pandoc-'))
    try {
      const [source, made] = [join(folder, 'sea.epub'), join(folder, `sea.${format}`)]
      await writeFile(source, await epub)
      const { status, stderr } = spawnSync('pandoc', ['--standalone', source, '--output', made])
      expect([status, String(stderr)]).toEqual([0, expect.any(String)])
      const [expected, novel] = [
        await importBytes(await epub, 'sea.epub'),
        await importBytes(await readFile(made), `sea.${format}`),
      ]
      expect(novel.report.format).toBe(format)
      const body = novel.chapters.filter(({ matter }) => matter === 'body')
      expect(body.map(({ title }) => title)).toEqual(expected.chapters.map(({ title }) => title))
      expect(body.map(wordsOf)).toEqual(expected.chapters.map(wordsOf))
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
