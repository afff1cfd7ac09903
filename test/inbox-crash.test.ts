import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inboxAnswer, type InboxView } from '../src/http/contract/inbox-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { buildEpub, zip } from './fixtures/epub.ts'
import { buildPdf } from './fixtures/pdf.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

const prose = 'It was a long way to the sea, and nobody who had gone there had come back to tell of it.'

/** By the ending of its name, a book with that title. */
const kinds: Readonly<Record<string, (title: string) => Promise<Uint8Array> | Uint8Array | string>> = {
  txt: (title) => `${title}\n\nChapter 1\n\n${prose} ${title}.\n\nChapter 2\n\n${prose}\n`,
  md: (title) => `---\ntitle: ${title}\n---\n\n# One\n\n${prose}\n\n# Two\n\n${prose}\n`,
  html: (title) => `<!doctype html><title>${title}</title><h1>One</h1><p>${prose}</p>`,
  fb2: (title) =>
    `<FictionBook><description><title-info><book-title>${title}</book-title></title-info></description><body><section><title><p>One</p></title><p>${prose}</p></section></body></FictionBook>`,
  rtf: (title) => `{\\rtf1{\\info{\\title ${title}}}\\pard ${prose} ${title}.\\par}`,
  epub: (title) =>
    buildEpub({ title, pages: [{ name: 'a.xhtml', body: `<h1>One</h1><p>${prose} ${title}.</p>` }] }),
  // Beside a book of Calibre's a PDF is never looked at, so this one stands where none of those is.
  pdf: (title) =>
    buildPdf({
      info: { Title: title },
      pages: [[{ text: `It was a long way to ${title}.`, x: 72, y: 720 }]],
    }),
  docx: (title) =>
    zip([
      [
        '_rels/.rels',
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      ],
      [
        'word/document.xml',
        `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${prose} ${title}.</w:t></w:r></w:p></w:body></w:document>`,
      ],
    ]),
}
const count = 30
/** Cannot be read. */
const bad = new Set([7, 19])

test(
  'a folder of 30 mixed books is in through two kills: each once, and what cannot be read is told',
  { timeout: 600_000 },
  async () => {
    await using root = await temporaryFolder()
    await using data = await temporaryFolder()
    const endings = Object.keys(kinds)
    const titles = new Set<string>()
    for (let index = 0; index < count; index++) {
      const title = `Book ${index}`
      const ending = endings[index % endings.length]!
      // Some as Calibre keeps them, with a second format.
      const path = join(
        root.path,
        index % 5 === 0 ? `Author ${index}/${title} (${index})/${title}.${ending}` : `${title}.${ending}`,
      )
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bad.has(index) ? `GIF89a ${title}` : await kinds[ending]!(title))
      if (index % 5 === 0) {
        await writeFile(join(dirname(path), `${title}.pdf`), '%PDF-1.4 never looked at')
        await writeFile(
          join(dirname(path), 'metadata.opf'),
          `<package><metadata><title>${title}</title><creator>Anna Bell</creator></metadata></package>`,
        )
      }
      if (!bad.has(index)) titles.add(title)
    }
    const before = await readdir(root.path, { recursive: true })
    const start = () =>
      ServerProcess.start({
        data: data.path,
        speakers: 0,
        settings: { NIGHTJAR_INBOX: root.path, NIGHTJAR_INBOX_EVERY: '0.1' },
      })
    const shelf = async (server: ServerProcess): Promise<Novel[]> =>
      (await server.json<{ novels: Novel[] }>('/api/novels?limit=500')).novels
    for (const kill of [4, 9]) {
      await using server = await start()
      // By the log: asking the server all the time would take the time of the imports.
      await waitUntil(() => server.log.split('a book of the inbox was imported').length > kill)
      await server.kill()
    }
    await using server = await start()
    const view = async (): Promise<InboxView> =>
      inboxAnswer.parse(await server.json('/api/inbox?limit=500')).inbox
    let last: InboxView['files'] = []
    await waitUntil(
      async () => {
        await wait(1000)
        last = (await view()).files
        return last.length === count && last.every(({ state }) => state !== 'waiting')
      },
      () => JSON.stringify(last.map(({ path, state }) => `${state} ${path}`)),
    )
    const novels = await shelf(server)
    expect(novels.map(({ title }) => title).toSorted()).toEqual([...titles].toSorted())
    const { files } = await view()
    const refused = files.filter(({ state }) => state === 'refused')
    expect(
      refused.map(({ path, trouble }) => [
        path.includes('Book 7.') || path.includes('Book 19.'),
        trouble?.code,
      ]),
    ).toEqual([
      [true, 'novel.unreadable'],
      [true, 'novel.unreadable'],
    ])
    expect(files.filter(({ state, novelId }) => state === 'imported' && novelId !== null)).toHaveLength(
      count - bad.size,
    )
    expect((await readdir(root.path, { recursive: true })).toSorted()).toEqual(before.toSorted())
  },
)
