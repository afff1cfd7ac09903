import { chapterNumbers, unparsedTitles } from '../../importer/headings/chapter-numbers.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'

/** Titles parsed before others have their turn: some milliseconds. */
const titlesPerTurn = 250

/** The chapter number in each title of a novel, `undefined` for those without one. */
export async function titleNumbers(titles: readonly string[]): Promise<(number | undefined)[]> {
  const unparsed = unparsedTitles(titles)
  for (let at = 0; at < unparsed.length; at += titlesPerTurn) {
    chapterNumbers(unparsed.slice(at, at + titlesPerTurn))
    await yieldToEventLoop()
  }
  return chapterNumbers(titles)
}
