/** UTF-16 units of text that are read from the database at once. */
const batchUnits = 300_000
/** Variables that one statement may have. */
const batchChapters = 500

/** Chapters whose texts are read together: some dozens of usual ones, a large one by itself. */
export function* chapterBatches<Chapter extends { readonly characters: number }>(
  chapters: readonly Chapter[],
): Generator<Chapter[]> {
  let batch: Chapter[] = []
  let units = 0
  for (const chapter of chapters) {
    if (batch.length === batchChapters || (batch.length > 0 && units + chapter.characters > batchUnits)) {
      yield batch
      batch = []
      units = 0
    }
    batch.push(chapter)
    units += chapter.characters
  }
  if (batch.length > 0) yield batch
}
