import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../src/config.ts'
import { importBook } from '../src/importer/importer.ts'
import { textHash } from '../src/novel/clip.ts'
import { segmentChapter } from '../src/segmenter/segmenter.ts'
import type { BareText } from './bare-speaker.ts'
import type { Book } from './books.ts'

/** Some chapters of a book, to be requested together, and their spoken texts. */
export interface Passage {
  readonly chapterNumbers: readonly number[]
  /** Without texts that repeat in this or an earlier passage, since the program reuses their clips. */
  readonly texts: readonly BareText[]
}

/** Divides a book into passages of at least so many spoken characters; 15 are about a second of speech. */
export async function passagesOf(book: Book, lengths: readonly number[]): Promise<Passage[]> {
  const novel = await importedBook(book)
  const pauses = settings.parse({})
  const pauseSeconds = {
    sentence: pauses.NIGHTJAR_PAUSE_SENTENCE,
    paragraph: pauses.NIGHTJAR_PAUSE_PARAGRAPH,
    section: pauses.NIGHTJAR_PAUSE_SECTION,
  }
  const known = new Set<string>()
  const passages: Passage[] = []
  let next = novel.chapters.findIndex(({ matter }) => matter === 'body')
  for (const characters of lengths) {
    const chapterNumbers: number[] = []
    const texts: BareText[] = []
    for (let spoken = 0; spoken < characters; next++) {
      const chapter = novel.chapters[next]
      if (!chapter) throw new Error(`${book.name} is too short for ${lengths.length} passages`)
      chapterNumbers.push(next + 1)
      for (const { spoken: text, pause } of segmentChapter(chapter, novel.language).segments) {
        const hash = textHash(text, pause)
        if (known.has(hash)) continue
        known.add(hash)
        texts.push({ text, pauseSeconds: pauseSeconds[pause] })
        spoken += text.length
      }
    }
    passages.push({ chapterNumbers, texts })
  }
  return passages
}

export async function importedBook({ bytes, fileName }: Book) {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-bench-'))
  try {
    const path = join(folder, fileName)
    writeFileSync(path, bytes)
    return await importBook(path, fileName)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
