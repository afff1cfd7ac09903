import type { Generated, Kysely } from 'kysely'
import type { ChapterEditKind } from '../novel/chapter-edit.ts'
import type { ChapterTranscode } from '../novel/chapter-transcode.ts'
import type { DesiredState } from '../novel/generation.ts'
import type { Matter } from '../novel/novel.ts'
import type { ClipsTable } from './clips-table.ts'
import type { NovelState } from './novel-state.ts'
import type { AccountTables } from './account-tables.ts'
import type { CastTables } from './cast-tables.ts'
import type { ImportTables } from './import-tables.ts'
import type { LexiconTables } from './lexicon-tables.ts'
import type { ListenerTables } from './listener-tables.ts'
import type { OpdsTables } from './opds-tables.ts'
import type { ServerTables } from './server-tables.ts'
import type { SpeechTables } from './speech-tables.ts'
import type { WebhookTables } from './webhook-tables.ts'

/**
 * The tables and their columns. Unless noted otherwise, times are ISO 8601 in UTC, hashes 16 bytes, flags 0 or 1.
 * Column names are those on disk; `words` is the text hash, `wish` the desired state, `recordings` the transcodes.
 */
export interface Tables
  extends
    AccountTables,
    CastTables,
    ImportTables,
    LexiconTables,
    ListenerTables,
    OpdsTables,
    ServerTables,
    SpeechTables,
    WebhookTables {
  /** Words of a novel, in lower case, that somebody found well said. */
  fineNames: { novelId: string; word: string }
  novels: {
    id: string
    title: string
    author: string
    language: string
    /** NULL: the best installed voice for the language. */
    voice: string | null
    speed: Generated<number>
    coverType: string | null
    /** JSON: description, published, series. */
    metadata: string
    sourceSha256: string
    sourceName: string
    /** JSON: ImportReport. */
    report: string
    complete: Generated<NovelState>
    /** When it was moved to the trash. */
    deletedAt: string | null
    /** Epoch milliseconds by the database's clock; NULL where no other server may import. */
    importUntil: number | null
    /** Of a version: the novel that it is one of. */
    versionOf: string | null
    /** The version whose file it was read from last; NULL: its own. */
    source: string | null
    /** Whether chapters that a new version adds are asked for by themselves. */
    speakNew: Generated<number>
    /** JSON: ids of chapters that a version has added and that are still to be asked for. */
    toSpeak: string | null
    /** The listener who alone sees it; NULL: everybody does. */
    keeper: string | null
    /** The listener who has added it; NULL: it is not known. */
    addedBy: string | null
    createdAt: string
  }
  chapters: {
    id: Generated<number>
    novelId: string
    number: number
    title: string
    part: string | null
    matter: Matter
    narrated: number
    characters: number
    segmentCount: number
  }
  chapterTexts: {
    chapterId: number
    /** JSON: Block[]. */
    blocks: string
    /** JSON: Skip[]. */
    skips: string
    /** JSON: Segment[]. */
    segments: string
  }
  /** The columns that queries over whole novels need; the other fields of a segment are in `chapterTexts`. */
  segments: {
    chapterId: number
    idx: number
    /** Text hash: with the recipe's hash, the clip's key. */
    words: Uint8Array
    /** Whose line it is; 0: the narrator's. */
    role: Generated<number>
  }
  /** Journal of what was done to the chapters of a novel, numbered from 1. */
  chapterEdits: {
    novelId: string
    number: number
    kind: ChapterEditKind
    /** Number of the first chapter that it replaced. */
    at: number
    /** JSON: EditedChapter[]. */
    before: string
    after: string
    /** JSON: SegmentRun[]. */
    runs: string
    /** JSON: AskedChapter[], the chapters of generations that it replaced. */
    asked: string
    /** JSON: HeadingRule, of an edit that read the book again. */
    headings: string | null
    /** JSON: SourceChange, of an edit that took a version over. */
    sources: string | null
    undone: Generated<number>
    createdAt: string
  }
  recipes: {
    hash: Uint8Array
    voice: string
    speed: number
    engine: string
    studio: string
    /** JSON: seconds by kind of pause. */
    pauses: string
    pace: string | null
    accent: string | null
    /** For a recipe stored without a pace: the equivalent engine string of today; NULL until it is determined. */
    made: string | null
  }
  castings: {
    /** Of a single voice the hash of its recipe, else of all its parts. */
    id: Uint8Array
  }
  castingParts: {
    casting: Uint8Array
    role: number
    recipe: Uint8Array
  }
  generations: {
    id: string
    novelId: string
    casting: Uint8Array
    priority: number
    /** Among those of one priority: minutes since 2026; NULL: those of `createdAt`. */
    place: number | null
    wish: DesiredState
    /** Hash of its chapters' ids, by which a repeated request is recognised. */
    chapterSet: Uint8Array
    createdAt: string
    startedAt: string | null
    completedAt: string | null
  }
  generationChapters: {
    generationId: string
    chapterId: number
  }
  /** Novels of which so many chapters are kept spoken ahead of whoever listens. */
  keptAhead: {
    novelId: string
    /** Has the chapters of the window, and goes along with it. */
    generationId: string
    chapters: number
    /** NULL: the novel's. */
    voice: string | null
    speed: number | null
    /** Numbers of the chapters in which listeners were when the window was last moved, ascending, separated by commas. */
    places: string
  }
  /** Failed attempts by clip key: their number, the last reason, whether the segment is set aside. */
  failures: {
    recipe: Uint8Array
    words: Uint8Array
    attempts: number
    reason: string
    setAside: number
    /** Epoch milliseconds of the earliest next attempt; of one that is set aside, when it was. */
    nextAt: number
  }
  /** Clips that the second ear suspects, by clip key. */
  spots: {
    recipe: Uint8Array
    words: Uint8Array
    /** JSON: DoubtReason[]. */
    reasons: string
    takes: number
    /** `fine`, `retaken`; NULL: it is to be checked. */
    settled: string | null
    foundAt: string
    /** Which take the clip is; 0: the best of those that were made by themselves. */
    take: number
    /** The take that it replaced because somebody asked for another. */
    replaced: number | null
  }
  recordings: {
    key: Uint8Array
    novelId: string
    chapterId: number
    form: ChapterTranscode['form']
    casting: Uint8Array
    /** JSON: TranscodeTags. */
    tags: string
    frames: number
    status: ChapterTranscode['status']
    bytes: number | null
    crc32: number | null
    errorMessage: string | null
    createdAt: string
    /** Epoch milliseconds of the last request for it. */
    askedAt: number
  }
  feeds: {
    listener: string
    novelId: string
    /** 128 random bits, base64url. */
    token: string
    /** SHA-256 of the token, 32 bytes. */
    digest: Uint8Array
    createdAt: string
    /** Of the feed's content at the last request. */
    fingerprint: string
    /** When this fingerprint was first seen. */
    changedAt: string
  }
  /** Where a finished novel was written in the audiobookshelf folder. */
  audiobookshelfBooks: {
    novelId: string
    /** Relative to that folder, separated by `/`. */
    path: string
  }
  /** Texts of deleted segments: their clips are deleted unless another segment has the same text. */
  releasedTexts: {
    words: Uint8Array
  }
  /** Files and folders of deleted novels and voices that are still to be removed. */
  leftoverFiles: {
    /** Relative to the data folder, separated by `/`. */
    path: string
  }
  /** Of jobs that are under way on one of several servers. */
  jobProgress: {
    job: string
    id: string
    /** Bytes or frames. */
    done: number
  }
  /** Secrets by which programs are known. */
  accessTokens: {
    id: string
    name: string
    /** Scopes with spaces between them. */
    scope: string
    /** Whose it is; NULL: of the house. */
    person: string | null
    /** SHA-256 of the secret, 32 bytes. */
    digest: Uint8Array
    createdAt: string
    lastUsedAt: string | null
    revokedAt: string | null
  }
  /** Segments that are being spoken: see `claims-schema.ts`. Empty where one server has the database for itself. */
  claims: {
    recipe: Uint8Array
    words: Uint8Array
    /** Id of the lease; a speaker machine's has the same. */
    lease: string
    /** Id of the server whose dispatcher holds it. */
    server: string
    chapterId: number
    idx: number
    /** Failed ones before. */
    attempts: number
    /** Epoch milliseconds by the clock of the database; lapsed from then on. */
    until: number
  }
  /** Of a database that `nightjar migrate` fills, or has filled and no server has used yet; one row at most. */
  copyState: {
    /** Name of the studio that is copied. */
    source: string
    startedAt: string
    finishedAt: string | null
  }
  'clips.clips': ClipsTable
}

export type Database = Kysely<Tables>
