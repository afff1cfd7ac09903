import type { SkipReason } from '../../novel/novel.ts'
import { skippedText } from '../../novel/skip-texts.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chapterSizes, chapterText } from '../../storage/queries/chapter-queries.ts'
import type { Coverage, SkippedText } from '../contract/coverage-contract.ts'
import { examplesPerReason, type SkipSummaries, viewChapterSkip } from './skip-summaries.ts'

interface Skips {
  readonly db: Database
  readonly summaries: SkipSummaries
}

/** What of a novel's text is not spoken, by reason. Chapters that are left out are not counted here but by themselves. */
export async function viewCoverage({ db, summaries }: Skips, novelId: string): Promise<Coverage> {
  let [characters, spoken, left] = [0, 0, 0]
  const chaptersLeft: number[] = []
  const byReason = new Map<
    SkipReason,
    { count: number; characters: number; restorable: number; examples: SkippedText[] }
  >()
  for await (const [chapter, summary] of summaries.of(db, await chapterSizes(db, novelId))) {
    for (const [reason, own] of summary.reasons) {
      const known = byReason.get(reason) ?? { count: 0, characters: 0, restorable: 0, examples: [] }
      known.count += own.count
      known.characters += own.characters
      known.restorable += own.restorable
      const more = own.examples.slice(0, examplesPerReason - known.examples.length)
      known.examples.push(...more.map((each) => ({ chapterNumber: chapter.number, ...each })))
      byReason.set(reason, known)
    }
    characters += chapter.characters + summary.takenOut
    if (chapter.narrated === 1) spoken += chapter.characters - summary.inBlocks
    else {
      left += chapter.characters - summary.inBlocks
      chaptersLeft.push(chapter.number)
    }
  }
  const reasons = [...byReason].map(([reason, found]) => ({
    reason,
    ...found,
    percent: percent(found.characters, characters),
  }))
  return {
    characters,
    spoken,
    percent: percent(spoken, characters),
    chaptersLeftOut: { chapterNumbers: chaptersLeft, characters: left, percent: percent(left, characters) },
    reasons: reasons.toSorted((one, other) => other.characters - one.characters),
  }
}

/** The skips of a novel in reading order, of all reasons or one. Only chapters with those that are shown are read. */
export async function viewSkips(
  { db, summaries }: Skips,
  novelId: string,
  {
    reason,
    limit,
    offset,
  }: { readonly reason?: SkipReason | undefined; readonly limit: number; readonly offset: number },
): Promise<{ total: number; skips: SkippedText[] }> {
  let total = 0
  const shown: SkippedText[] = []
  for await (const [{ id, number }, summary] of summaries.of(db, await chapterSizes(db, novelId))) {
    const count = reason === undefined ? summary.count : (summary.reasons.get(reason)?.count ?? 0)
    const first = Math.max(0, offset - total)
    total += count
    if (first >= count || shown.length === limit) continue
    const { blocks, skips } = await chapterText(db, id)
    const own = skips.flatMap((skip, index) =>
      reason === undefined || skip.reason === reason ? [{ skip, index }] : [],
    )
    for (const { skip, index } of own.slice(first, first + limit - shown.length))
      shown.push({ chapterNumber: number, ...viewChapterSkip(index, skip, skippedText(blocks, skip)) })
  }
  return { total, skips: shown }
}

/** To a tenth; what is less than all is never 100. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10
}
