import { plural, t } from '@lingui/core/macro'
import type { Novel } from '../../src/http/contract/novel-contract.ts'

/** What stood spoken when a person last looked. */
export interface LastVisit {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly novels: Readonly<Record<string, { readonly segments: number; readonly chapters: number }>>
}

export interface SpokenNovel {
  readonly id: string
  readonly title: string
  readonly segmentsDone: number
  /** How many of its narrated chapters are spoken to the end. */
  readonly chaptersDone: number
}

/** Shorter absences need no report. */
const away = 10 * 60_000

/** One sentence on what was spoken since the last visit, or nothing when nothing was. */
export function spokenSince(
  last: LastVisit | undefined,
  novels: readonly SpokenNovel[],
  now: number,
): string | undefined {
  if (!last || now - last.at < away) return undefined
  let [chapters, segments] = [0, 0]
  const grown = novels.filter((novel) => {
    const before = last.novels[novel.id] ?? { segments: 0, chapters: 0 }
    const more = novel.segmentsDone - before.segments
    if (more <= 0) return false
    segments += more
    chapters += Math.max(0, novel.chaptersDone - before.chapters)
    return true
  })
  const count =
    chapters > 0
      ? plural(chapters, { one: '# chapter', other: '# chapters' })
      : segments > 0
        ? plural(segments, { one: '# sentence', other: '# sentences' })
        : undefined
  if (count === undefined) return undefined
  const title = grown.length === 1 ? grown[0]?.title : undefined
  return title === undefined
    ? t`Spoken while you were away: ${count}.`
    : t`Spoken while you were away: ${count} of ${title}.`
}

export function visitNow(novels: readonly SpokenNovel[], now: number): LastVisit {
  return {
    at: now,
    novels: Object.fromEntries(
      novels.map(({ id, segmentsDone, chaptersDone }) => [
        id,
        { segments: segmentsDone, chapters: chaptersDone },
      ]),
    ),
  }
}

/** What counts of a novel: its narrated chapters alone, though somebody may have had others spoken. */
export function spokenNovel({
  id,
  title,
  segmentsDone,
  chaptersNarrated,
  ribbon,
}: Pick<Novel, 'id' | 'title' | 'segmentsDone' | 'chaptersNarrated' | 'ribbon'>): SpokenNovel {
  const chaptersDone =
    ribbon?.reduce((sum, { complete }) => sum + complete, 0) ?? (segmentsDone === 0 ? 0 : chaptersNarrated)
  return { id, title, segmentsDone, chaptersDone }
}
