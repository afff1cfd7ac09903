import { LRUCache } from 'lru-cache'
import type { NameSurvey } from '../../lexicon/name-survey.ts'
import type { Database } from '../../storage/database-tables.ts'
import { chaptersOf, storedBlocks } from '../../storage/queries/chapter-queries.ts'
import { Semaphore, yieldToEventLoop } from '../concurrency.ts'
import { runTextWorker } from '../text-worker.ts'

/** What the thread is given. Texts are JSON, as they are stored. */
export interface NamesTask {
  readonly language: string
  readonly chapters: readonly string[]
}

/** Names of a novel, by the chapters that it has. */
export interface NovelNames extends NameSurvey {
  /** Numbers of the chapters that the survey counts from 0. */
  readonly chapterNumbers: readonly number[]
}

/** Milliseconds after which it is given up: a novel of 3 million characters takes 4 s on an idle core. */
const longestMs = 120_000
const heapMegabytes = 768
/** A thread with the library and a novel takes some hundred MB. */
const threads = new Semaphore(1)
/** Surveys of novels as they are: an edit gives chapters new ids. */
const known = new LRUCache<string, Promise<NovelNames>>({ max: 20 })

/**
 * Finds the names of a novel in a thread, which takes seconds; asked again, it answers at once until the chapters change.
 * Nothing is stored: after a restart it is found again. Throws `storage.damaged` if a stored text is not JSON, and
 * `novel.too-large`.
 */
export async function novelNames(db: Database, novelId: string, language: string): Promise<NovelNames> {
  const chapters = (await chaptersOf(db, novelId)).filter(({ narrated }) => narrated)
  const key = [novelId, language, ...chapters.map(({ id }) => id)].join(' ')
  const found = known.get(key)
  if (found) return found
  const survey = threads.run(async () => {
    const texts: string[] = []
    for (const { id } of chapters) {
      texts.push((await storedBlocks(db, [id])).get(id) ?? '[]')
      await yieldToEventLoop()
    }
    const chapterNumbers = chapters.map(({ number }) => number)
    return { ...(await surveyIn({ language, chapters: texts })), chapterNumbers }
  })
  known.set(key, survey)
  survey.catch(() => known.delete(key))
  return survey
}

function surveyIn(task: NamesTask): Promise<NameSurvey> {
  const options = { data: task, heapMegabytes }
  const module = new URL('./novel-names-worker.ts', import.meta.url)
  return runTextWorker(module, options, AbortSignal.timeout(longestMs))
}
