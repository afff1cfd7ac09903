import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Bookmark } from '../../src/http/contract/bookmark-contract.ts'
import type { HeardChapterView } from '../../src/http/contract/heard-contract.ts'
import type { Chapter, ChapterListed, Novel, Timeline } from '../../src/http/contract/novel-contract.ts'
import type { StoredFile } from './stored-file.ts'

/** Bytes of audio that are asked for, and stored, at once: what a broken connection costs at most. */
export const pieceBytes = 1024 * 1024

/** Something for the server, which may be sent twice: whatever is sent says how it is, not what to add. */
export interface Outgoing {
  /** What is about the same has the same key, and takes its place. */
  readonly key: string
  readonly novelId: string
  readonly method: 'PUT' | 'DELETE'
  /** Below the base path. */
  readonly path: string
  /** Sent one after the other; empty: without a body. */
  readonly bodies: readonly object[]
  /** When it was so, in epoch milliseconds: the order in which all is sent. */
  readonly at: number
  /** Whether its age is sent along, as `agoSeconds`. */
  readonly aged?: true
  /** Another one for every change. */
  readonly stamp: string
}

/** A novel of which chapters are kept, or shall be. */
export interface KeptNovel {
  readonly id: string
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly heard: readonly HeardChapterView[]
  readonly bookmarks: readonly Bookmark[]
  /** How many chapters are kept ahead of the listener, always; 0: none. */
  readonly ahead: number
  /** It is not on the server any more. */
  readonly gone?: true
}

/** A chapter that is kept, or shall be as soon as it is spoken. */
export interface KeptChapter {
  readonly novelId: string
  readonly number: number
  /** Whether the listener chose it; else the rule did, which lets it go again. */
  readonly byHand: boolean
  /** Of what is here; `undefined` until all of it is. */
  readonly kept?: {
    readonly etag: string
    readonly voice: string
    readonly speed: number
    /** Of the audio and the text. */
    readonly bytes: number
  }
}

interface OfflineSchema extends DBSchema {
  outbox: { key: string; value: Outgoing }
  novels: { key: string; value: KeptNovel }
  chapters: { key: [novelId: string, number: number]; value: KeptChapter }
  /** With the times of its words. */
  texts: {
    key: [novelId: string, number: number]
    value: { readonly chapter: Chapter; readonly timeline: Timeline }
  }
  /**
   * The audio of chapters, in pieces, so that a download goes on where it was broken off; and their images, each under
   * the tag of `imageTag`, as its piece 0.
   */
  pieces: { key: [novelId: string, number: number, etag: string, index: number]; value: StoredFile }
  covers: { key: string; value: StoredFile }
}

export type OfflineDatabase = IDBPDatabase<OfflineSchema>

/** Opens what this browser keeps of a Nightjar; `base`: its base path, since others may be at the same host. */
export function openOffline(base: string): Promise<OfflineDatabase> {
  return openDB<OfflineSchema>(`nightjar ${base}`, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'key' })
      db.createObjectStore('novels', { keyPath: 'id' })
      db.createObjectStore('chapters', { keyPath: ['novelId', 'number'] })
      db.createObjectStore('texts')
      db.createObjectStore('pieces')
      db.createObjectStore('covers')
    },
  })
}

/** What an image of a chapter is kept under; no audio has such a tag, which is in quotation marks. */
export function imageTag(name: string): string {
  return `image ${name}`
}

/** All keys that begin with these. */
export function below(...parts: readonly (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound([...parts], [...parts, []])
}
