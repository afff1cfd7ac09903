import type { QueryClient } from '@tanstack/react-query'
import type { ChapterSound } from './chapter-sound.ts'
import { HeardKeeper } from './heard-keeper.ts'
import { PositionKeeper } from './position-keeper.ts'

/** Where the listener is in a chapter, and what of it was heard, on its way to the server. */
export class ListeningRecord {
  readonly #positions: PositionKeeper
  readonly #heard: HeardKeeper

  constructor(client: QueryClient) {
    this.#positions = new PositionKeeper(client)
    this.#heard = new HeardKeeper(client)
  }

  /** Notes what was just listened to; answers whether anything was. */
  listened(chapter: ChapterSound): boolean {
    const { novelId, chapterNumber } = chapter.sound
    return this.#heard.listened(chapter.output, chapter, novelId, chapterNumber)
  }

  /** `now`: not later, since the page may be gone then. */
  save({ sound, place }: Pick<ChapterSound, 'sound' | 'place'>, now: boolean): void {
    const { novelId, chapterNumber } = sound
    this.#positions.save(novelId, { chapterNumber, ...place }, now)
    this.#heard.send(now)
  }

  /** Another sound comes into the output. */
  rest(): void {
    this.#heard.rest()
  }
}
