import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type { Database } from '../../storage/database-tables.ts'
import { nextEntryHead } from '../../storage/queries/chapter-edit-queries.ts'
import { type ChapterRow, chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { chapterBeginnings } from '../../storage/queries/review-queries.ts'
import type { Review, ReviewedChapter } from '../contract/review-contract.ts'

/** Chapters whose first words are read at once: some milliseconds. */
const chaptersAtOnce = 250

/** The chapters of a novel with what tells whether they were cut and chosen well. */
export async function viewReview(db: Database, novel: NovelRow): Promise<Review> {
  const rows = await chaptersOf(db, novel.id)
  const words = new Map<number, string>()
  for (let at = 0; at < rows.length; at += chaptersAtOnce) {
    const ids = rows.slice(at, at + chaptersAtOnce).map(({ id }) => id)
    for (const [id, start] of await chapterBeginnings(db, ids)) words.set(id, firstWords(start))
    await yieldToEventLoop()
  }
  return {
    chapters: rows.map((row) => ({
      number: row.number,
      title: row.title,
      ...(row.part !== null && { part: row.part }),
      matter: row.matter,
      narrated: row.narrated === 1,
      reason: reasonOf(row),
      characters: row.characters,
      segments: row.segmentCount,
      firstWords: words.get(row.id) ?? '',
    })),
    undo: await entryView(db, novel.id, 'undo'),
    redo: await entryView(db, novel.id, 'redo'),
  }
}

async function entryView(db: Database, novelId: string, direction: 'undo' | 'redo'): Promise<Review['undo']> {
  const entry = await nextEntryHead(db, novelId, direction)
  return entry ? { number: entry.number, kind: entry.kind, chapterNumber: entry.at } : null
}

function reasonOf({ matter, narrated, segmentCount }: ChapterRow): ReviewedChapter['reason'] {
  if (segmentCount === 0) return 'no-text'
  if ((narrated === 1) !== (matter === 'body')) return 'chosen'
  return matter === 'body' ? 'story' : matter
}

const mostWords = 160
const texts = /"kind":"([^"]+)"|"text":"((?:[^"\\]|\\.)*)("?)/g

/** The first words below the heading of blocks (JSON that may be cut off); of a chapter of headings alone, these. */
function firstWords(blocks: string): string {
  let kind = ''
  let heading = ''
  let words = ''
  for (const [, named, text, end] of blocks.matchAll(texts)) {
    if (named !== undefined) kind = named
    else if (text !== undefined) {
      const plain = unescaped(text, end === '"')
      if (kind === 'heading') heading ||= plain
      else if (kind !== 'scene-break') words += `${plain} `
      if (words.length > mostWords) break
    }
  }
  const found = (words || heading).replaceAll(/\s+/g, ' ').trim()
  return found.length <= mostWords ? found : `${found.slice(0, mostWords - 1).trimEnd()}…`
}

function unescaped(text: string, whole: boolean): string {
  // An escape may have been cut through.
  const kept = whole ? text : text.replace(/\\(?:u[0-9a-f]{0,3})?$/i, '')
  try {
    return JSON.parse(`"${kept}"`) as string
  } catch {
    return ''
  }
}
