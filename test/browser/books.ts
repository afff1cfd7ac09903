import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildEpub } from '../fixtures/epub.ts'

const cover = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300">
<rect width="200" height="300" fill="#2c4450"/><circle cx="100" cy="120" r="40" fill="#d9932f"/></svg>`

const chapters = [
  {
    title: 'The Lamp',
    text: `<p>The lamp was lit. Nobody saw who had lit it, and nobody asked.</p>
<p>“No!” she said. He did not answer her for a long while, and the rain went on.</p>`,
  },
  {
    title: 'The River',
    text: `<p>In the morning they found the garden under water. The boat was gone.</p>
<p>He had taken the oars as well, and left a letter on the table.</p>`,
  },
  { title: 'The Letter', text: '<p>It was short. It said that he would come back when the leaves fell.</p>' },
]

/** An EPUB of three short chapters with a cover: by Anna Bell, in English. */
export function epub(title: string): Promise<Buffer<ArrayBuffer>> {
  return buildEpub({
    title,
    pages: chapters.map(({ title, text }, at) => ({
      name: `${at + 1}.xhtml`,
      body: `<h1>${title}</h1>${text}`,
    })),
    nav: `<ol>${chapters.map(({ title }, at) => `<li><a href="${at + 1}.xhtml">${title}</a></li>`).join('')}</ol>`,
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
