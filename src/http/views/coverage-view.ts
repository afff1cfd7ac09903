import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { Skip, SkipReason } from '../../novel/novel.ts'
import { isRestorable, skippedText } from '../../novel/skip-texts.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersOf, chapterText } from '../../storage/queries/chapter-queries.ts'
import type { Coverage, SkippedText } from '../contract/coverage-contract.ts'

/** Characters of a skipped text that are shown. */
const mostShown = 600
const examplesPerReason = 3

/** What of a novel's text is not spoken, by reason. Chapters that are left out are not counted here but by themselves. */
export async function viewCoverage(db: Database, novelId: string): Promise<Coverage> {
  let [characters, spoken, left] = [0, 0, 0]
  const chaptersLeft: number[] = []
  const byReason = new Map<
    SkipReason,
    { count: number; characters: number; restorable: number; examples: SkippedText[] }
  >()
  for (const chapter of await chaptersOf(db, novelId)) {
    const { blocks, skips } = await chapterText(db, chapter.id)
    let skippedInBlocks = 0
    for (const [index, skip] of skips.entries()) {
      const text = skippedText(blocks, skip)
      const known = byReason.get(skip.reason) ?? { count: 0, characters: 0, restorable: 0, examples: [] }
      const item = viewSkip(chapter.number, index, skip, text)
      byReason.set(skip.reason, {
        count: known.count + 1,
        characters: known.characters + text.length,
        restorable: known.restorable + (item.restorable ? 1 : 0),
        examples:
          known.examples.length < examplesPerReason && text.trim() !== ''
            ? [...known.examples, item]
            : known.examples,
      })
      if (skip.start < skip.end) skippedInBlocks += skip.end - skip.start
      else characters += text.length
    }
    characters += chapter.characters
    if (chapter.narrated === 1) spoken += chapter.characters - skippedInBlocks
    else {
      left += chapter.characters - skippedInBlocks
      chaptersLeft.push(chapter.number)
    }
    await yieldToEventLoop()
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

/** The skips of a novel in reading order, of all reasons or one. */
export async function viewSkips(
  db: Database,
  novelId: string,
  {
    reason,
    limit,
    offset,
  }: { readonly reason?: SkipReason | undefined; readonly limit: number; readonly offset: number },
): Promise<{ total: number; skips: SkippedText[] }> {
  let total = 0
  const shown: SkippedText[] = []
  for (const { id, number } of await chaptersOf(db, novelId)) {
    const { blocks, skips } = await chapterText(db, id)
    for (const [index, skip] of skips.entries()) {
      if (reason !== undefined && skip.reason !== reason) continue
      if (total >= offset && shown.length < limit)
        shown.push(viewSkip(number, index, skip, skippedText(blocks, skip)))
      total++
    }
    await yieldToEventLoop()
  }
  return { total, skips: shown }
}

function viewSkip(chapterNumber: number, index: number, { reason }: Skip, text: string): SkippedText {
  const plain = text.trim()
  return {
    chapterNumber,
    index,
    reason,
    text: plain.length > mostShown ? `${plain.slice(0, mostShown - 1)}…` : plain,
    characters: text.length,
    restorable: isRestorable(reason, plain),
  }
}

/** To a tenth; what is less than all is never 100. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * 1000) / 10
}
