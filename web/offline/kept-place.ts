import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { ownPlace } from '../listener/own-places.ts'
import { thisDevice } from '../listener/device.ts'
import { leftOfBook } from '../player/time-left.ts'

/** A kept novel with the place of this device, which may be later than the one that is kept, and what is left from there. */
export function placed(novel: Novel, chapters: readonly ChapterListed[]): Novel {
  const own = ownPlace(novel.id)
  if (!own || (novel.position && Date.parse(novel.position.updatedAt) >= own.at)) return novel
  const { at, ...position } = own
  const here = chapters.find(({ number }) => number === position.chapterNumber)
  const chapterSeconds =
    here?.seconds === undefined ? undefined : Math.max(0, here.seconds - position.seconds)
  return {
    ...novel,
    position: { ...position, device: thisDevice(), updatedAt: new Date(at).toISOString() },
    ...(novel.left &&
      chapterSeconds !== undefined && {
        left: {
          ...novel.left,
          chapterNumber: position.chapterNumber,
          chapterSeconds,
          seconds: leftOfBook(chapters, position.chapterNumber, chapterSeconds, novel.left.pace),
        },
      }),
  }
}
