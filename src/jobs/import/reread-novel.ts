import { Failure } from '../../novel/failure.ts'
import { automaticRule, hasHeadingRules, type HeadingRule } from '../../novel/heading-rule.ts'
import type { SegmentRun } from '../../novel/segment-runs.ts'
import { sourceKey } from '../../storage/object-keys.ts'
import { currentHeadings, handEdits } from '../../storage/queries/edit-history-queries.ts'
import { type ChapterRow, storedChapterText } from '../../storage/queries/chapter-queries.ts'
import { importReportOf } from '../../storage/queries/import-report.ts'
import { bookLexicon } from '../../storage/queries/lexicon-queries.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import { sourceIdOf } from '../../storage/queries/novel-version-queries.ts'
import type { Application } from '../application.ts'
import { Semaphore } from '../concurrency.ts'
import { runReader } from './book-reader.ts'
import type {
  OutlinedChapter,
  PresentChapter,
  PresentLexicon,
  RereadChapter,
  RereadTask,
  RuleOutcome,
} from './reread-messages.ts'

export type RereadContext = Pick<Application, 'db' | 'folder' | 'objects'>

/** What makes the chapters of a novel anew from its file. */
export type RereadCommand =
  /** By another rule for headings; of plain text only. */
  | { readonly kind: 'headings'; readonly rule: HeadingRule }
  /** By the rule that they were found by, so that they have what the importer finds by now. */
  | { readonly kind: 'reread' }

export interface RereadResult {
  readonly runs: readonly SegmentRun[]
  /** Chapters whose text the file does not have like this, and that stay as they are. */
  readonly unfound: number
}

/** Previews and edits read books; imports have slots of their own. */
const rereadSlots = new Semaphore(2)
/** A hostile pattern on the largest text stays far below. */
const cpuSeconds = 120

/**
 * Reads the file of a novel again, in a process of its own, and passes on the chapters that it would have then, in batches;
 * texts are left out of a preview. Throws `headings.not-text`, `headings.no-source`, what the rule throws, what `take`
 * throws, and the signal's reason.
 */
export async function rereadNovel(
  context: RereadContext,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
  { command, preview }: { readonly command: RereadCommand; readonly preview: boolean },
  take: (batch: readonly RereadChapter[]) => Promise<void>,
  signal?: AbortSignal,
): Promise<RereadResult & { readonly rule: HeadingRule }> {
  const rule = await ruleOf(context, novel, command)
  // Chapters that somebody arranged stay as they are, with what the file says in them.
  const keepsChapters = command.kind === 'reread' && (await handEdits(context.db, novel.id)) > 0
  const task: RereadTask = {
    kind: keepsChapters ? 'texts' : 'headings',
    rule,
    language: novel.language,
    preview,
  }
  let result: RereadResult | undefined
  for await (const part of readSource(context, novel, task, presentLines(context, novel, chapters), signal)) {
    if ('reread' in part) await take(part.reread)
    else if ('runs' in part) result = part
  }
  if (!result) throw new Error(`the reader did not tell what novel ${novel.id} has in common with its file`)
  return { ...result, rule }
}

/** What each rule that fits a plain text would give. Throws likewise. */
export async function headingRules(
  context: RereadContext,
  novel: NovelRow,
  signal: AbortSignal,
): Promise<readonly RuleOutcome[]> {
  requirePlainText(novel)
  const task: RereadTask = { kind: 'rules', rule: automaticRule, language: novel.language, preview: true }
  for await (const part of readSource(context, novel, task, undefined, signal))
    if ('rules' in part) return part.rules
  throw new Error(`the reader sent no rules for novel ${novel.id}`)
}

/** The chapters that a rule would give a plain text, soon even if it is long. Throws likewise, and what the rule throws. */
export async function outlineByRule(
  context: RereadContext,
  novel: NovelRow,
  rule: HeadingRule,
  signal: AbortSignal,
): Promise<readonly OutlinedChapter[]> {
  requirePlainText(novel)
  const task: RereadTask = { kind: 'outline', rule, language: novel.language, preview: true }
  for await (const part of readSource(context, novel, task, undefined, signal))
    if ('outline' in part) return part.outline
  throw new Error(`the reader sent no outline of novel ${novel.id}`)
}

async function ruleOf({ db }: RereadContext, novel: NovelRow, command: RereadCommand): Promise<HeadingRule> {
  if (command.kind === 'reread') return currentHeadings(db, novel.id)
  requirePlainText(novel)
  return command.rule
}

function requirePlainText(novel: NovelRow): void {
  if (!hasHeadingRules({ report: importReportOf(novel) })) throw new Failure('headings.not-text')
}

async function* readSource(
  { folder, objects }: RereadContext,
  novel: NovelRow,
  again: RereadTask,
  input: AsyncIterable<string> | undefined,
  signal: AbortSignal | undefined,
) {
  await using file = await objects.localFile(sourceKey(sourceIdOf(novel)))
  if (!file) throw new Failure('headings.no-source')
  using _ = await rereadSlots.enter(signal)
  const task = {
    path: file.path,
    fileName: novel.sourceName,
    cpuSeconds,
    wordList: folder.wordList,
    again,
  }
  yield* runReader(task, input, signal)
}

/** How words are said and the chapters that are there, as lines of JSON, read one at a time. */
async function* presentLines(
  { db }: RereadContext,
  novel: NovelRow,
  chapters: readonly ChapterRow[],
): AsyncGenerator<string> {
  const said: PresentLexicon = { lexicon: await bookLexicon(db, novel) }
  yield `${JSON.stringify(said)}\n`
  for (const { id, title, part, narrated } of chapters) {
    const text = await storedChapterText(db, id)
    if (!text) throw new Failure('edit.outdated')
    const present: PresentChapter = { title, part, narrated: narrated === 1, ...text }
    yield `${JSON.stringify(present)}\n`
  }
}
