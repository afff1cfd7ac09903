import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildEpub } from '../fixtures/epub.ts'

const cover = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300">
<rect width="200" height="300" fill="#2c4450"/><circle cx="100" cy="120" r="40" fill="#d9932f"/></svg>`

/** Every sentence is a paragraph of its own, so that none is joined to its neighbour. The title makes it a sentence of this book alone, which no other has spoken already. */
const chapters: readonly { readonly title: string; readonly sentences: readonly string[] }[] = [
  {
    title: 'The Lamp',
    sentences: [
      'The lamp was lit when they came down to the river.',
      'Nobody saw who had lit it, and nobody asked.',
      '“No!” she said, and shut the door behind her.',
      'He did not answer her for a long while.',
      'In the night the rain began, and it did not stop.',
    ],
  },
  {
    title: 'The River',
    sentences: ['In the morning the garden was under water.', 'The boat was gone, and the oars with it.'],
  },
  { title: 'The Letter', sentences: ['It was short.', 'He would come back when the leaves fell.'] },
]

/** An EPUB of three short chapters with a cover: by Anna Bell, in English. */
export function epub(title: string): Promise<Buffer<ArrayBuffer>> {
  return buildEpub({
    title,
    pages: chapters.map((chapter, at) => ({
      name: `${at + 1}.xhtml`,
      body: `<h1>${chapter.title}</h1>${chapter.sentences.map((sentence) => `<p>${sentence.replace('.', `, as ${title} tells it.`)}</p>`).join('')}`,
    })),
    nav: `<ol>${chapters.map((chapter, at) => `<li><a href="${at + 1}.xhtml">${chapter.title}</a></li>`).join('')}</ol>`,
    manifest: '<item id="cover" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>',
    files: { 'OEBPS/cover.svg': cover },
  })
}

/** Writes a book to the disk, to be dropped or chosen. Returns its path. */
export async function onDisk(folder: string, name: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}
