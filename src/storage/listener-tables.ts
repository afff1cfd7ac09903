import type { Generated } from 'kysely'

/** What belongs to listeners; see `database-tables.ts`. */
export interface ListenerTables {
  listeners: {
    id: string
    name: string
    createdAt: string
  }
  listenerSettings: {
    listener: string
    /** JSON: ListenerSettings. */
    settings: string
    updatedAt: string
  }
  /** A listener's settings in one novel, which go before those for all. */
  novelSettings: {
    listener: string
    novelId: string
    /** JSON: NovelSettings. */
    settings: string
    updatedAt: string
  }
  /** Where a listener is in a novel. */
  positions: {
    listener: string
    novelId: string
    chapterNumber: number
    segment: number
    seconds: number
    /** Id and name of the device that saved it; NULL: it did not say. */
    device: string | null
    deviceName: string | null
    /** When it was listened to. */
    updatedAt: string
    /** 1: its listener has taken it off the list of those to go on with. */
    unlisted: Generated<number>
  }
  /** Segments that a listener has heard, in any voice. */
  heard: {
    listener: string
    novelId: string
    chapterNumber: number
    /** JSON: HeardRanges. */
    ranges: string
    /** Number of segments in `ranges`. */
    segments: number
    updatedAt: string
  }
  /** How long was listened to a novel on a day, by sitting; the highest totals that it has reported. */
  listeningDays: {
    listener: string
    novelId: string
    /** `2026-11-29`, in the listener's time zone. */
    day: string
    /** An id that the device made; another for each time that the page is opened. */
    sitting: string
    wallSeconds: number
    /** Seconds of the audio: at twice the speed twice as many. */
    audioSeconds: number
  }
  bookmarks: {
    listener: string
    novelId: string
    /** Made by the device. */
    id: string
    chapterNumber: number
    /** Index of the block in its chapter, and of the sentence's first character in the block's text (UTF-16). */
    block: number
    start: number
    /** Index of the segment that begins or is there. */
    segment: number
    /** The sentence's text. */
    quote: string
    /** Of the listener's; empty: none. */
    note: string
    createdAt: string
    updatedAt: string
  }
}
