import { chaptersOf, replaceChapter } from '../../src/storage/queries/chapter-queries.ts'
import { openTestStorage } from './open-storage.ts'
import { toStoredChapter } from '../../src/novel/stored-chapter.ts'

/** Replaces a novel's first chapter again and again, and tells of each time, until it is killed. */
const [folder = '', novelId = ''] = process.argv.slice(2)
const db = await openTestStorage(folder)
for (let round = 1; ; round += 1) {
  const [first] = await chaptersOf(db, novelId)
  if (first === undefined) throw new Error('the chapter is gone')
  const texts = Array.from({ length: 200 + (round % 3) }, (_, index) => `Sentence ${index}.`)
  const blocks = texts.map((text) => ({ kind: 'paragraph' as const, text }))
  const segments = texts.map((spoken, block) => ({
    block,
    start: 0,
    end: spoken.length,
    spoken,
    edits: [],
    pause: 'paragraph' as const,
  }))
  const written = toStoredChapter(
    { title: 'One', matter: 'body', blocks, skips: [] },
    { segments, skips: [] },
  )
  await replaceChapter(db, first, written, { at: 0, removed: first.segmentCount, added: texts.length })
  process.stdout.write(`${round}\n`)
}
