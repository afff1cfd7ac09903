import { clipsAmong } from '../../storage/queries/clip-queries.ts'
import { handEdits } from '../../storage/queries/edit-history-queries.ts'
import { type ChapterRow, chaptersOf } from '../../storage/queries/chapter-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { renditionCounts } from '../generations/generation-progress.ts'
import { castingFor } from '../voices/generation-recipes.ts'
import { type PreviewContext, type RemadeByEdit, secondsToRemake } from './edit-preview.ts'
import { type RereadCommand, type RereadContext, rereadNovel } from './reread-novel.ts'

export interface RereadPreview {
  readonly chapters: readonly PreviewedChapter[]
  readonly chaptersNow: number
  /** Chapters whose text the file does not have like this, and that stay as they are. */
  readonly unfound: number
  /** Edits that restored skipped texts, which are skipped again. */
  readonly restored: number
  /** Segments that are spoken and stay so. */
  readonly staying: number
  readonly remade: RemadeByEdit
}

interface PreviewedChapter {
  readonly title: string
  readonly part?: string
  readonly characters: number
  readonly narrated: boolean
  /** It is there already, with this very text. */
  readonly kept: boolean
}

/** What reading a novel's file again would make of its chapters; nothing is stored. Throws what `rereadNovel` throws. */
export async function previewReread(
  context: PreviewContext & RereadContext,
  novel: NovelRow,
  command: RereadCommand,
  signal?: AbortSignal,
): Promise<RereadPreview> {
  const now = await chaptersOf(context.db, novel.id)
  const spoken = await spokenTexts(context, novel, now)
  const chapters: PreviewedChapter[] = []
  let staying = 0
  const fresh: number[] = []
  const wanted = { command, preview: true }
  const take = async (batch: Parameters<Parameters<typeof rereadNovel>[4]>[0]): Promise<void> => {
    for (const chapter of batch) {
      const { title, part, narrated } = chapter
      const row = 'kept' in chapter ? now[chapter.kept]! : undefined
      const characters = row?.characters ?? ('characters' in chapter ? chapter.characters : 0)
      chapters.push({
        title,
        ...(part !== undefined && { part }),
        characters,
        narrated,
        kept: row !== undefined,
      })
      if (row) staying += spoken.done.get(row.id) ?? 0
      else if ('textHashes' in chapter) {
        const known = chapter.textHashes.filter((hash) => spoken.texts.has(hash)).length
        staying += known
        // A chapter of which nothing was spoken is not made anew.
        fresh.push(known > 0 ? chapter.textHashes.length - known : 0)
      }
    }
  }
  const { unfound } = await rereadNovel(context, novel, now, wanted, take, signal)
  const segments = fresh.reduce((sum, each) => sum + each, 0)
  return {
    chapters,
    chaptersNow: now.length,
    unfound,
    restored: command.kind === 'headings' ? await handEdits(context.db, novel.id, 'restore') : 0,
    staying,
    remade: {
      segments,
      chapters: fresh.filter((each) => each > 0).length,
      seconds: await secondsToRemake(context, novel, segments, spoken.counts),
    },
  }
}

interface SpokenTexts {
  /** Text hashes that have a clip in the novel's own voice. */
  readonly texts: ReadonlySet<string>
  /** Of each chapter how many segments have one. */
  readonly done: ReadonlyMap<number, number>
  readonly counts: Awaited<ReturnType<typeof renditionCounts>>
}

async function spokenTexts(
  { counts, db, voices }: PreviewContext,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
): Promise<SpokenTexts> {
  if (!voices.ofNovel(novel)) return { texts: new Set(), done: new Map(), counts: [] }
  const { casting } = await castingFor({ db, voices }, novel)
  const counted = await renditionCounts(counts, casting, chapters)
  const texts = new Set<string>()
  for (const [at, { id }] of chapters.entries())
    if (counted[at]!.done > 0) for (const hash of await clipsAmong(db, id, casting)) texts.add(hash)
  return {
    texts,
    done: new Map(chapters.map(({ id }, at) => [id, counted[at]!.done])),
    counts: counted.filter(({ done }) => done > 0),
  }
}
