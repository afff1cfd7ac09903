import { booksByFormat } from '../test/fixtures/books-by-format.ts'
import { longStory } from '../test/fixtures/long-story.ts'

/** Formats that hold another in a zip, and those that `measureImport` has anyway. */
const leftOut: ReadonlySet<string> = new Set(['epub', 'txt', 'fb2.zip', 'saved.html', 'zip'])

/** A book for each format besides EPUB and text: the same chapters in each. Names end as the format's files do. */
export async function bookByFormat(
  chapters: number,
): Promise<readonly (readonly [fileName: string, bytes: Uint8Array<ArrayBuffer>])[]> {
  const story = new TextDecoder().decode(longStory(chapters, 104)).split(/^Chapter \d+$/m)
  const read = Array.from({ length: chapters }, (_, index) => ({
    title: `Chapter ${index + 1}`,
    paragraphs: (story[index + 1] ?? '').split('\n').filter((line) => line !== ''),
  }))
  const formats = Object.entries(booksByFormat).filter(([ending]) => !leftOut.has(ending))
  return Promise.all(formats.map(async ([ending, build]) => [`large.${ending}`, await build(read)] as const))
}
