import { LexiconApplication } from '../../lexicon/lexicon-segments.ts'
import { Failure } from '../../novel/failure.ts'
import type { BookLexicon, LexiconEntry } from '../../novel/lexicon-entry.ts'
import type { Block } from '../../novel/novel.ts'
import { readLexicon } from '../../pronunciation/lexicon.ts'
import { pronounceChapter } from '../../pronunciation/pronounce.ts'
import { segmentChapter } from '../../segmenter/segmenter.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersOf, chapterText, segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { synthesizeSample, type TextToSpeech } from './text-to-speech.ts'

type HeardParts = Pick<TextToSpeech, 'voices' | 'backends' | 'folder'> & { readonly db: Database }

interface HeardEntry {
  readonly entry: LexiconEntry
  readonly sentence?: string | undefined
  readonly voice?: string | undefined
  readonly speed?: number | undefined
}

/** As long as the text of a sample. */
const longestSentence = 500

/**
 * Speaks a sentence of a novel with a word said as an entry has it, before it is kept, as a complete `.m4a`. Throws
 * `voice.none`, `voice.unknown`, `voice.silent`.
 */
export async function hearEntry(
  context: HeardParts,
  novel: NovelRow,
  { entry, sentence, voice, speed }: HeardEntry,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { db, folder, voices } = context
  const id = voice ?? voices.ofNovel(novel)?.id
  if (id === undefined) throw new Failure('voice.none', { language: novel.language })
  const text = sentence ?? (await firstSentence(db, novel, entry, signal)) ?? entry.written
  const blocks: Block[] = [{ kind: 'paragraph', text }]
  const cut = segmentChapter({ blocks, skips: [] }, novel.language)
  const { segments } = pronounceChapter(cut, novel.language, readLexicon(folder.wordList))
  const known = await bookLexicon(db, novel)
  const lexicon: BookLexicon = { ...known, scopes: [[entry], ...known.scopes] }
  const said = new LexiconApplication(lexicon).apply(blocks, segments)
  const spoken = said.map((segment) => segment.spoken).join(' ')
  return synthesizeSample(context, id, { text: spoken || text, speed: speed ?? novel.speed })
}

/** The first sentence of a novel that has the word, if it is not too long for a sample. */
async function firstSentence(
  db: Database,
  novel: NovelRow,
  entry: LexiconEntry,
  signal: AbortSignal,
): Promise<string | undefined> {
  const finder = new LexiconApplication({ language: novel.language, scopes: [[entry]] })
  for (const { id } of await chaptersOf(db, novel.id)) {
    signal.throwIfAborted()
    const { blocks } = await chapterText(db, id)
    if (!finder.concerns(blocks)) continue
    const said = finder.apply(blocks, await segmentsOf(db, id)).filter(({ plain }) => plain)
    for (const { block, start, end } of said) {
      const text = blocks[block]?.text.slice(start, end).trim() ?? ''
      if (text !== '' && text.length <= longestSentence) return text
    }
  }
  return undefined
}
