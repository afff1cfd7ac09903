import { plural } from '@lingui/core/macro'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { contact } from '../contact.ts'
import { chapterNumbers, shortName } from '../element/chapter-names.ts'
import { isKept } from '../offline/kept-answers.ts'
import { noteOffline } from '../offline/offline-note.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { chapterAfter, chapterBefore } from './chapter-order.ts'

export interface ChapterBeside {
  readonly chapter: ChapterListed
  /** Those between that cannot be heard now. */
  readonly leftOut: readonly ChapterListed[]
}

/**
 * The narrated chapter after another (1), or before it (−1). Without a server the nearest one that is kept on this device;
 * if none is, the one beside it all the same, to be waited for. `lost`: whether there is no server.
 */
export async function chapterBeside(
  way: 1 | -1,
  { novel, chapters }: NovelWithChapters,
  number: number,
  lost: boolean = contact.isLost(),
): Promise<ChapterBeside | undefined> {
  const step = way === 1 ? chapterAfter : chapterBefore
  const beside = step(chapters, number)
  if (!beside) return undefined
  const leftOut: ChapterListed[] = []
  for (let each: ChapterListed | undefined = lost ? beside : undefined; each;) {
    const sound = {
      novelId: novel.id,
      chapterNumber: each.number,
      voice: novel.voice ?? '',
      speed: novel.speed,
    }
    if (await isKept(sound)) return { chapter: each, leftOut }
    leftOut.push(each)
    each = step(chapters, each.number)
  }
  return { chapter: beside, leftOut: [] }
}

/** Tells the listener which chapters are passed over. */
export function tellLeftOut({ leftOut }: ChapterBeside, chapters: readonly ChapterListed[]): void {
  const numbers = chapterNumbers(chapters)
  const [first, last] = [leftOut[0], leftOut.at(-1)].map((each) => each && shortName(each, numbers))
  if (first === undefined) return
  noteOffline(
    plural(leftOut.length, {
      one: `Left out, since it is not kept on this device: ${first}.`,
      other: `Left out, since they are not kept on this device: # chapters, from ${first} to ${last}.`,
    }),
  )
}
