import { segmentChapter } from '../src/segmenter/segmenter.ts'
import { largeText, sharedBook } from './books.ts'
import { importedBook } from './prose.ts'

const novels = ['alice.txt', 'frankenstein.epub', 'the-time-machine.epub', 'war-and-peace.epub']

/**
 * Spoken texts of English novels, evenly from their second halves: the limits of the second ear were set by sentences of
 * the first. Together of at least so many characters, if the novels have them.
 */
export async function freshSentences(characters: number): Promise<string[]> {
  const known = novels.flatMap((fileName) => {
    const bytes = sharedBook(fileName)
    return bytes ? [{ name: fileName, fileName, bytes }] : []
  })
  const books = known.length > 0 ? known : [largeText()]
  const texts: string[] = []
  for (const book of books) {
    const novel = await importedBook(book)
    const body = novel.chapters.filter(({ matter }) => matter === 'body')
    const all = body
      .slice(Math.floor(body.length / 2))
      .flatMap((chapter) => segmentChapter(chapter, novel.language).segments)
      .map(({ spoken }) => spoken)
    texts.push(...evenly([...new Set(all)], characters / books.length))
  }
  return texts
}

function evenly(texts: readonly string[], characters: number): readonly string[] {
  const all = texts.reduce((sum, { length }) => sum + length, 0)
  const step = Math.max(1, all / characters)
  return Array.from({ length: Math.floor(texts.length / step) }, (_, at) => texts[Math.floor(at * step)]!)
}
