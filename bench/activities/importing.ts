import { largeEpub, webNovel } from '../books.ts'
import type { Activity } from './activity.ts'

/** Without headings and blank lines: the importer divides it into chapters of maximum size. */
function oneChapter(): Uint8Array<ArrayBuffer> {
  const sentences = Array.from(
    { length: 30_000 },
    (_, at) => `On day ${at} she counted the coins and went on.`,
  )
  return new TextEncoder().encode(sentences.join(' '))
}

export const importing: Activity = {
  what: 'an EPUB, a text of 2,000 chapters and one of a single paragraph are imported and read back',
  async begin({ server }) {
    const [epub, text] = [await largeEpub(), webNovel()]
    return async () => {
      await server.add(epub.bytes, epub.fileName)
      await server.add(text.bytes, text.fileName)
      const { novel } = await server.add(oneChapter(), 'one-chapter.txt')
      for (const number of [1, 2])
        await (await server.fetch(`/api/novels/${novel.id}/chapters/${number}`)).text()
    }
  },
}
