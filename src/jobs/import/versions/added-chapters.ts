import { Failure } from '../../../novel/failure.ts'
import { chaptersOf } from '../../../storage/queries/chapter-queries.ts'
import { parseStoredJson } from '../../../storage/queries/column-values.ts'
import { noteSpoken, novelsToSpeak } from '../../../storage/queries/novel-version-queries.ts'
import { type GenerationParts, requestGeneration } from '../../generations/generation-requests.ts'

/**
 * Asks for the chapters that versions have added to novels whose new chapters are spoken by themselves. Which they are was stored
 * with them, so a crash before loses none; asked for twice they are spoken once. What has no voice yet waits for one.
 */
export async function speakAddedChapters(application: GenerationParts): Promise<void> {
  const { db, log } = application
  for (const novel of await novelsToSpeak(db)) {
    const added = new Set(parseStoredJson(novel.toSpeak ?? '[]') as number[])
    const chapters = (await chaptersOf(db, novel.id)).filter(
      ({ id, narrated, segmentCount }) => added.has(id) && narrated === 1 && segmentCount > 0,
    )
    try {
      if (chapters.length > 0)
        await requestGeneration(application, {
          novelId: novel.id,
          chapterNumbers: chapters.map(({ number }) => number),
        })
      await noteSpoken(db, novel)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      log.info({ novelId: novel.id, reason: error.message }, 'new chapters cannot be asked for yet')
    }
  }
}
