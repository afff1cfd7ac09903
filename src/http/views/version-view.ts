import type { VersionDifference } from '../../jobs/import/versions/version-difference.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import type {
  DifferenceSummary,
  OfferedVersion,
  VersionDifferenceView,
} from '../contract/version-contract.ts'

export function viewOffered({ id, sourceName, createdAt }: NovelRow): OfferedVersion {
  return { id, fileName: sourceName, createdAt }
}

export function viewSummary({
  chapters,
  chaptersNow,
  chaptersThen,
  unchanged,
  sentences,
  kept,
  anew,
  added,
}: VersionDifference): DifferenceSummary {
  const count = (wanted: (typeof chapters)[number]['kind']): number =>
    chapters.filter(({ kind }) => kind === wanted).length
  return {
    chaptersNow,
    chaptersThen,
    unchanged,
    added: count('added'),
    changed: count('changed'),
    gone: count('gone'),
    sentences,
    kept,
    anew,
    new: added,
  }
}

export function viewDifference(
  { speakNew }: NovelRow,
  version: NovelRow,
  difference: VersionDifference,
): VersionDifferenceView {
  return {
    ...viewOffered(version),
    speakNew: speakNew === 1,
    difference: viewSummary(difference),
    chapters: difference.chapters.map(({ changes, ...chapter }) => ({
      ...chapter,
      changes: changes.map(({ before, after }) => ({ before: [...before], after: [...after] })),
    })),
  }
}
