import type { QueryClient } from '@tanstack/react-query'
import type { Chapter } from '../../src/http/contract/novel-contract.ts'
import type { HeardChapterView } from '../../src/http/contract/heard-contract.ts'
import { contact } from '../contact.ts'
import { keys } from '../keys.ts'
import { HoursKeeper } from '../listener/hours-keeper.ts'
import { listenerApi } from '../listener/listener-api.ts'
import { changeListedNovel } from '../listener/shown-novel.ts'
import { changeKnown } from '../live/known.ts'
import { heardView, withHeardRange } from '../offline/kept-heard.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import type { AudioOutput } from './audio-output.ts'
import type { ChapterSound } from './chapter-sound.ts'

const sendEvery = 5000
/** Seconds between two looks at the clock that still are one stretch of listening, at the highest speed. */
const stretch = 5
/** The lowest speed of playing. */
const slowest = 0.5

interface Unsent {
  readonly novelId: string
  readonly chapterNumber: number
  readonly from: number
  to: number
}

/** Tells the server which sentences were heard: every few seconds while it plays, and at once when it stops. */
export class HeardKeeper {
  readonly #client: QueryClient
  #unsent: Unsent[] = []
  #sent = 0
  /** Up to which second of the chapter it was listened without a break. */
  #upTo: number | undefined
  readonly #hours = new HoursKeeper()
  /** By `performance.now()`. */
  #looked = 0

  constructor(client: QueryClient) {
    this.#client = client
  }

  /** Notes the sentences whose middle was heard since the last look; answers whether anything was listened to. */
  listened(
    { time, paused, seeking }: Pick<AudioOutput, 'time' | 'paused' | 'seeking'>,
    chapter: Pick<ChapterSound, 'heardBetween'>,
    novelId: string,
    chapterNumber: number,
  ): boolean {
    const from = this.#upTo
    this.#upTo = time
    const [looked, now] = [this.#looked, performance.now()]
    this.#looked = now
    if (from === undefined || paused || seeking || time <= from || time - from > stretch) return false
    // A look that comes late, as in a hidden page, is not the time of the sound.
    const audio = time - from
    this.#hours.add(novelId, Math.min((now - looked) / 1000, audio / slowest), audio)
    const heard = chapter.heardBetween(from, time)
    this.#note(novelId, chapterNumber, heard)
    // Without a server it is stored on this device, which costs nothing, and the page may be closed at any moment.
    if (heard.length > 0 && contact.isLost()) this.send(true)
    return true
  }

  /** Another sound comes into the element. */
  rest(): void {
    this.#upTo = undefined
  }

  #note(novelId: string, chapterNumber: number, segments: readonly number[]): void {
    for (const segment of segments) {
      const last = this.#unsent.at(-1)
      const goesOn =
        last?.novelId === novelId && last.chapterNumber === chapterNumber && last.to === segment - 1
      if (goesOn) last.to = segment
      else this.#unsent.push({ novelId, chapterNumber, from: segment, to: segment })
    }
  }

  /** `now`: not later, since the page may be gone then. What cannot be sent is kept, and sent later. */
  send(now: boolean): void {
    if (!now && Date.now() - this.#sent < sendEvery) return
    this.#sent = Date.now()
    this.#hours.send()
    const sending = this.#unsent
    this.#unsent = []
    for (const { novelId, ...heard } of sending) {
      listenerApi.saveHeard(novelId, heard).then(
        (answer) => (answer ? this.#show(novelId, answer) : this.#showUnsent(novelId, heard)),
        // What the server refuses it refuses for good: the novel was deleted meanwhile.
        () => undefined,
      )
    }
  }

  /** What the server does not know yet is heard all the same. */
  #showUnsent(novelId: string, heard: Omit<Unsent, 'novelId'>): void {
    const { chapterNumber } = heard
    const listed = this.#client
      .getQueryData<NovelWithChapters>(keys.novel(novelId))
      ?.chapters.find(({ number }) => number === chapterNumber)
    const ranges =
      this.#client.getQueryData<Chapter>(keys.chapter(novelId, chapterNumber))?.heard ??
      this.#client
        .getQueryData<HeardChapterView[]>(keys.heard(novelId))
        ?.find((each) => each.chapterNumber === chapterNumber)?.ranges
    // Where nobody shows the sentences their count is asked for, of what is kept.
    if (!listed || (!ranges && listed.segmentsHeard > 0))
      return void this.#client.invalidateQueries({ queryKey: keys.novel(novelId) })
    const all = withHeardRange(ranges ?? [], heard)
    this.#show(novelId, heardView(chapterNumber, all, listed.segmentsTotal, Date.now()))
  }

  #show(novelId: string, heard: HeardChapterView): void {
    const { chapterNumber, segmentsHeard, ranges, finished } = heard
    const isFinished = finished && { finished }
    const client = this.#client
    const isIt = (each: { readonly chapterNumber: number }): boolean => each.chapterNumber === chapterNumber
    const chapterIn = (known?: NovelWithChapters) =>
      known?.chapters.find(({ number }) => number === chapterNumber)
    const before = chapterIn(client.getQueryData<NovelWithChapters>(keys.novel(novelId)))
    // Whether the book was heard to its end with it, the server tells.
    if (finished && !before?.finished) void client.invalidateQueries({ queryKey: keys.novels })
    const more = before?.narrated ? segmentsHeard - before.segmentsHeard : 0
    changeListedNovel(client, novelId, (novel) => ({ ...novel, segmentsHeard: novel.segmentsHeard + more }), {
      once: true,
    })
    changeKnown<NovelWithChapters>(client, keys.novel(novelId), (known) => {
      const chapter = chapterIn(known)
      if (!chapter) return known
      const all = known.novel.segmentsHeard + (chapter.narrated ? segmentsHeard - chapter.segmentsHeard : 0)
      return {
        novel: { ...known.novel, segmentsHeard: all },
        chapters: known.chapters.with(known.chapters.indexOf(chapter), {
          ...chapter,
          segmentsHeard,
          ...isFinished,
        }),
      }
    })
    changeKnown<Chapter>(client, keys.chapter(novelId, chapterNumber), (known) => ({
      ...known,
      segmentsHeard,
      ...isFinished,
      heard: [...ranges],
    }))
    changeKnown<readonly HeardChapterView[]>(client, keys.heard(novelId), (known) => [
      ...known.filter((each) => !isIt(each)),
      heard,
    ])
  }
}
