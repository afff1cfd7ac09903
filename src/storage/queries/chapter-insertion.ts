import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { CompiledQuery } from 'kysely'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../database-tables.ts'
import { hashToBytes } from './column-values.ts'

interface NumberedChapter {
  readonly number: number
  readonly text: StoredChapter
}

/** The segments `[from, to)` of a chapter, which is inserted with the first of them. */
interface ChapterPart {
  /** Index of the chapter among those that are added. */
  readonly at: number
  readonly from: number
  readonly to: number
}

/**
 * Segments written in one commit, some 20 ms on SQLite. Each commit writes nearly every page of the index of texts, so half as
 * many in each wrote twice as much.
 */
const segmentsPerCommit = 2000

/** Inserts chapters of a novel that nobody sees yet, in commits that delay no other write for long. */
export class ChapterInsertion {
  readonly #db: Database
  readonly #novelId: string
  /** By table and number of rows. Compiling a statement costs ten times running it, so each is run with new parameters. */
  readonly #compiled = new Map<string, CompiledQuery>()

  constructor(db: Database, novelId: string) {
    this.#db = db
    this.#novelId = novelId
  }

  /** Returns the ids of the chapters, in their order. */
  async add(chapters: readonly NumberedChapter[]): Promise<number[]> {
    const ids: number[] = []
    for (const parts of partsByCommit(chapters.map(({ text }) => text.textHashes.length))) {
      const inserted = await this.#db.transaction().execute(async (commit) => {
        const added: number[] = []
        for (const { at, from, to } of parts) {
          const { number, text } = chapters[at]!
          if (from === 0) added.push(await this.#insertChapter(commit, number, text))
          await this.#insertSegments(commit, added.at(-1) ?? ids.at(-1)!, text, from, to)
        }
        // The commit takes as long as the rows.
        await yieldToEventLoop()
        return added
      })
      ids.push(...inserted)
    }
    return ids
  }

  async #insertSegments(
    commit: Database,
    chapterId: number,
    { textHashes, roles = [] }: Pick<StoredChapter, 'textHashes' | 'roles'>,
    first: number,
    end: number,
  ): Promise<void> {
    for (let from = first; from < end; from += rowsPerStatement) {
      if (from > first && (from - first) % rowsPerTurn === 0) await yieldToEventLoop()
      const to = Math.min(end, from + rowsPerStatement)
      const rows = textHashes.slice(from, to).map((hash, nth) => ({
        chapterId,
        idx: from + nth,
        words: hashToBytes(hash),
        role: roles[from + nth] ?? 0,
      }))
      await this.#run(commit, 'segments', rows, (values) =>
        commit.insertInto('segments').values(values).compile(),
      )
    }
  }

  /** Without its segments. Returns its id. */
  async #insertChapter(
    commit: Database,
    number: number,
    { title, part, matter, narrated, characters, blocks, skips, segments, textHashes }: StoredChapter,
  ): Promise<number> {
    const row = {
      novelId: this.#novelId,
      number,
      title,
      part: part ?? null,
      matter,
      narrated: narrated ? 1 : 0,
      characters,
      segmentCount: textHashes.length,
    }
    const [inserted] = await this.#run(commit, 'chapters', [row], (rows) =>
      commit.insertInto('chapters').values(rows).returning('id').compile(),
    )
    const chapterId = inserted!.id
    await this.#run(commit, 'chapterTexts', [{ chapterId, blocks, skips, segments }], (rows) =>
      commit.insertInto('chapterTexts').values(rows).compile(),
    )
    return chapterId
  }

  /** Inserts rows whose fields are in the same order each time. */
  async #run<Row extends object, Returned>(
    commit: Database,
    table: string,
    rows: readonly Row[],
    compile: (rows: readonly Row[]) => CompiledQuery<Returned>,
  ): Promise<readonly Returned[]> {
    const shape = `${table} ${rows.length}`
    const known = this.#compiled.get(shape) ?? compile(rows)
    this.#compiled.set(shape, known)
    const parameters = rows.flatMap((row): unknown[] => Object.values(row))
    return (await commit.executeQuery<Returned>({ ...known, parameters })).rows
  }
}

const rowsPerStatement = 100
/** Of one chapter: several in one commit are small. */
const rowsPerTurn = 1000

/** What of chapters with so many segments goes into each commit: a large one by and by. */
function* partsByCommit(lengths: readonly number[]): Generator<ChapterPart[]> {
  let [parts, segments]: [ChapterPart[], number] = [[], 0]
  for (const [at, length] of lengths.entries()) {
    let from = 0
    do {
      if (segments >= segmentsPerCommit) {
        yield parts
        ;[parts, segments] = [[], 0]
      }
      const to = Math.min(length, from + segmentsPerCommit - segments)
      parts.push({ at, from, to })
      segments += to - from
      from = to
    } while (from < length)
  }
  if (parts.length > 0) yield parts
}
