import { expect, test } from 'vitest'
import { azw3 } from '../../test/fixtures/azw3.ts'
import { docx, odt } from '../../test/fixtures/books-by-format.ts'
import { buildEpub, zip } from '../../test/fixtures/epub.ts'
import { importBytes } from '../../test/fixtures/import-bytes.ts'
import { mobi } from '../../test/fixtures/mobi.ts'

// What a page of a book could do to whoever reads it never leaves the reader: a novel is texts, links of the web and of mail, and images of
// the file itself.

const said = 'It was a long way to the sea.'
const body = `<h1 onclick="evil()">One</h1><script>evil()</script><p onmouseover="evil()" style="background:url(https://evil.example/a.png)">${said} <a href="javascript:evil()">here</a> <a href="&#106;ava&#x0A;script:evil()">there</a> <a href="data:text/html,evil()">now</a> <a href="https://good.example/">then</a><img src="https://evil.example/b.png" alt="hill" onerror="evil()"><iframe src="https://evil.example/c"></iframe><object data="https://evil.example/d"></object><svg onload="evil()"><script>evil()</script></svg></p>`
const page = `<!doctype html><html><head><script src="https://evil.example/e.js"></script><link rel="stylesheet" href="https://evil.example/f.css"><meta http-equiv="refresh" content="0;url=https://evil.example/g"></head><body>${body}</body></html>`
const link = (id: string, target: string): string =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="${target}" TargetMode="External"/>`
const wordLink = (id: string): string =>
  `<w:p><w:hyperlink xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="${id}"><w:r><w:t>${said}</w:t></w:r></w:hyperlink></w:p>`

test.each<[string, () => Promise<Uint8Array> | string | Uint8Array]>([
  ['html', () => page],
  ['saved.html', () => page.replace('<html>', '<!-- saved from url=(0018)https://a.example/ --><html>')],
  ['zip', () => zip([['a.html', page]])],
  ['epub', () => buildEpub({ pages: [{ name: 'a.xhtml', body }] })],
  ['mobi', () => mobi(page)],
  ['azw3', () => azw3([body])],
  [
    'md',
    () => `# One\n\n# Two\n\n![hill](https://evil.example/b.png) [then](https://good.example/)\n\n${body}\n`,
  ],
  [
    'fb2',
    () =>
      `<FictionBook xmlns:l="x"><body><section><p>${said} <a l:href="javascript:evil()">here</a> <a l:href="https://good.example/">then</a><image l:href="https://evil.example/b.png"/></p></section></body></FictionBook>`,
  ],
  [
    'odt',
    () =>
      odt(
        `<text:p>${said} <text:a xlink:href="javascript:evil()">here</text:a> <text:a xlink:href="https://good.example/">then</text:a><draw:image xlink:href="https://evil.example/b.png"/></text:p><office:scripts><office:script>evil()</office:script></office:scripts>`,
      ),
  ],
  [
    'docx',
    () =>
      docx(wordLink('r1') + wordLink('r2'), [
        [
          'word/_rels/document.xml.rels',
          `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${link('r1', 'javascript:evil()')}${link('r2', 'https://good.example/')}</Relationships>`,
        ],
      ]),
  ],
  [
    'rtf',
    () =>
      `{\\rtf1 {\\field{\\*\\fldinst HYPERLINK "javascript:evil()"}{\\fldrslt ${said}}}{\\*\\objdata evil()}\\par}`,
  ],
])('scripts and what lies elsewhere do not come out of a file in %s', async (ending, build) => {
  const { chapters } = await importBytes(await build(), `a.${ending}`)
  const told = JSON.stringify(chapters)
  expect(told).toContain(said)
  // The letters of a link's address are none of its text, and a note or picture that is left out keeps its words alone.
  expect(told).not.toMatch(/evil|<script|javascript:/)
  const links = chapters.flatMap(({ blocks }) =>
    blocks.flatMap(({ marks = [] }) => marks.flatMap(({ to }) => (to && 'href' in to ? to.href : []))),
  )
  expect(links).toEqual(ending === 'rtf' ? [] : links.map(() => 'https://good.example/'))
  expect(chapters.flatMap(({ skips }) => skips.flatMap(({ image }) => image ?? []))).toEqual([])
})
