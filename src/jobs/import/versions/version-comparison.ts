import { createHash } from 'node:crypto'
import type { SegmentRun } from '../../../novel/segment-runs.ts'
import type { ChapterText } from '../../../novel/stored-chapter.ts'
import type { Database } from '../../../storage/database-tables.ts'
import { Failure } from '../../../novel/failure.ts'
import type { Skip } from '../../../novel/novel.ts'
import {
  type ChapterRow,
  chaptersOf,
  storedChapterText,
  storedTexts,
} from '../../../storage/queries/chapter-queries.ts'
import { parseStoredJson } from '../../../storage/queries/column-values.ts'
import { arrangedByHand, handEdits } from '../../../storage/queries/edit-history-queries.ts'
import { bookLexicon } from '../../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../../storage/queries/novel-queries.ts'
import type { Application } from '../../application.ts'
import { yieldToEventLoop } from '../../concurrency.ts'
import { answerOf, startTextWorker } from '../../text-worker.ts'
import type { ComparedUnit, ComparedVersion, ComparisonInput, ComparisonOutput } from './version-messages.ts'

/** A chapter as it will be. */
export interface ComparedChapterRow {
  /** The chapter of the version that it begins with. */
  readonly fresh: ChapterRow
  /** The chapter of the novel that it is. */
  readonly old: ChapterRow | undefined
  /** Left out: it is the novel's chapter as it stands. */
  readonly unit?: ComparedUnit
}

export interface Comparison {
  readonly old: readonly ChapterRow[]
  /** In the order of the version, or that which somebody has given the novel. */
  readonly chapters: readonly ComparedChapterRow[]
  /** Chapters of the novel that the version has not. */
  readonly gone: readonly ChapterRow[]
  readonly compared: ComparedVersion
  /** The chapters of the novel that `compared` speaks of. */
  readonly oldCompared: readonly ChapterRow[]
}

export type ComparisonContext = Pick<Application, 'db' | 'folder'>

const heapMegabytes = 1024

/**
 * Compares a version with its novel. Chapters whose text is the very same are told by a checksum; the others are compared in a
 * worker thread. Throws `edit.outdated` if a chapter is replaced meanwhile, and the signal's reason.
 */
export async function compareVersion(
  context: ComparisonContext,
  novel: NovelRow,
  version: NovelRow,
  { preview, signal }: { readonly preview: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Comparison> {
  const { db } = context
  const [old, fresh] = [await chaptersOf(db, novel.id), await chaptersOf(db, version.id)]
  const oldOf = pairedBy(await checksums(db, old, signal), await checksums(db, fresh, signal))
  const paired = new Set(oldOf.values())
  const [oldCompared, freshCompared] = [
    old.filter((_, at) => !paired.has(at)),
    fresh.filter((_, at) => !oldOf.has(at)),
  ]
  const { moved, ...arranged } = await arrangedByHand(db, novel.id)
  const restored = (await handEdits(db, novel.id, 'restore')) > 0
  const compared =
    freshCompared.length === 0
      ? { units: [], runs: [] }
      : await comparedInWorker(context, novel, {
          old: oldCompared,
          fresh: freshCompared,
          signal,
          task: { cut: arranged.cut, restored, preview },
        })
  const units = compared.units.map((unit) => ({
    unit,
    fresh: freshCompared[unit.pieces[0]!.chapter]!,
    old: unit.old === undefined ? undefined : oldCompared[unit.old],
    at: unit.pieces[0]!.start,
  }))
  const kept = fresh.flatMap((row, at) => {
    const known = oldOf.get(at)
    return known === undefined ? [] : [{ fresh: row, old: old[known], at: 0 }]
  })
  const chapters = [...kept, ...units].toSorted(
    (one, other) => one.fresh.number - other.fresh.number || one.at - other.at,
  )
  const there = new Set(chapters.map((chapter) => chapter.old?.id))
  return {
    old,
    chapters: moved ? inOldOrder(chapters) : chapters,
    gone: old.filter(({ id }) => !there.has(id)),
    compared,
    oldCompared,
  }
}

/** By the place of a chapter of the version that of the novel's with the same checksum. */
function pairedBy(old: readonly string[], fresh: readonly string[]): ReadonlyMap<number, number> {
  const places = Map.groupBy(old.keys(), (at) => old[at]!)
  const paired = new Map<number, number>()
  for (const [at, key] of fresh.entries()) {
    const known = places.get(key)?.shift()
    if (known !== undefined) paired.set(at, known)
  }
  return paired
}

/** Chapters read between two turns of the event loop. */
const chaptersPerStep = 4

/** Of each chapter a checksum of its text and of where its images lie in the file. */
async function checksums(
  db: Database,
  chapters: readonly ChapterRow[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < chapters.length; at += chaptersPerStep) {
    signal?.throwIfAborted()
    const some = chapters.slice(at, at + chaptersPerStep)
    const texts = await storedTexts(
      db,
      some.map(({ id }) => id),
    )
    for (const { id } of some) {
      const text = texts.get(id)
      if (!text) throw new Failure('edit.outdated')
      const hash = createHash('sha1').update(text.blocks)
      if (text.skips.includes('"image":'))
        hash.update(JSON.stringify((parseStoredJson(text.skips) as Skip[]).map(({ image }) => image)))
      found.push(hash.digest('base64'))
    }
    await yieldToEventLoop()
  }
  return found
}

/** Chapters of the novel in their order, each new one behind that which it follows in the version. */
function inOldOrder<Chapter extends ComparedChapterRow>(chapters: readonly Chapter[]): Chapter[] {
  const first: Chapter[] = []
  const groups: (readonly [number, Chapter[]])[] = []
  for (const chapter of chapters) {
    if (chapter.old) groups.push([chapter.old.number, [chapter]])
    else (groups.at(-1)?.[1] ?? first).push(chapter)
  }
  return [first, ...groups.toSorted(([one], [other]) => one - other).map(([, group]) => group)].flat()
}

interface Compared {
  readonly old: readonly ChapterRow[]
  readonly fresh: readonly ChapterRow[]
  readonly task: { readonly cut: boolean; readonly restored: boolean; readonly preview: boolean }
  readonly signal: AbortSignal | undefined
}

const charactersPerMessage = 500_000

async function comparedInWorker(
  { db, folder }: ComparisonContext,
  novel: NovelRow,
  { old, fresh, task, signal }: Compared,
): Promise<ComparedVersion> {
  const data = { ...task, lexicon: await bookLexicon(db, novel), wordList: folder.wordList }
  const worker = startTextWorker(new URL('./version-worker.ts', import.meta.url), { data, heapMegabytes })
  const ask = async (input: ComparisonInput): Promise<ComparisonOutput> => {
    const answer = answerOf<ComparisonOutput>(worker, signal)
    worker.postMessage(input)
    return answer
  }
  try {
    for (const [side, rows] of [
      ['old', old],
      ['fresh', fresh],
    ] as const) {
      let [texts, characters]: [ChapterText[], number] = [[], 0]
      const send = () => ask({ old: [], fresh: [], [side]: texts })
      for (const row of rows) {
        const text = await storedChapterText(db, row.id)
        if (!text) throw new Failure('edit.outdated')
        const { title, part, matter } = row
        texts.push({ title, part, matter, text })
        characters += text.blocks.length + text.segments.length
        await yieldToEventLoop()
        if (characters < charactersPerMessage) continue
        await send()
        ;[texts, characters] = [[], 0]
      }
      await send()
    }
    const answer = await ask({ end: true })
    if ('next' in answer) throw new Error('the thread that compares versions did not answer')
    return answer
  } finally {
    await worker.terminate()
  }
}

/** The runs with chapters by their places in the novel before, and after. */
export function runsOf(
  { compared, oldCompared }: Comparison,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<ComparedUnit, number>,
): SegmentRun[] {
  return compared.runs
    .map(([from, at, to, into, length]): SegmentRun => [
      before.get(oldCompared[from]!.id)!,
      at,
      after.get(compared.units[to]!)!,
      into,
      length,
    ])
    .toSorted(([one, at], [other, into]) => one - other || at - into)
}
