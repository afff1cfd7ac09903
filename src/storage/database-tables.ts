import type { Generated, Kysely } from 'kysely'
import type { Matter } from '../novel/novel.ts'
import type { DesiredState } from '../novel/generation.ts'
import type { VoiceFamily, InstallStatus } from '../novel/installed-voice.ts'
import type { ChapterTranscode } from '../novel/chapter-transcode.ts'

/** Times are ISO 8601 in UTC, hashes 16 bytes, flags 0 or 1, JSON where it says so. */
export interface Tables {
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
    /** 0 while its chapters are being written: nobody sees it, and a start removes it. */
    complete: Generated<number>
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
  /** What is asked of the segments of a whole novel at once; the rest of them is in their chapter's text. */
  segments: {
    chapterId: number
    idx: number
    /** The text's half of the clip's key. */
    words: Uint8Array
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
    /** Of a recipe without a pace: what of today is the same; NULL until that was looked at. */
    made: string | null
  }
  generations: {
    id: string
    novelId: string
    recipe: Uint8Array
    priority: number
    wish: DesiredState
    /** Hash of its chapters' ids: asking twice for the same is found by it. */
    chapterSet: Uint8Array
    createdAt: string
    startedAt: string | null
    completedAt: string | null
  }
  generationChapters: {
    generationId: string
    chapterId: number
  }
  /** Segments that failed in a recipe: how often, why, and whether they are set aside. */
  failures: {
    recipe: Uint8Array
    words: Uint8Array
    attempts: number
    reason: string
    setAside: number
    /** Epoch milliseconds before which it is not tried again. */
    nextAt: number
  }
  positions: {
    novelId: string
    chapterNumber: number
    segment: number
    seconds: number
    updatedAt: string
  }
  /** What was heard, whichever voice spoke it. */
  heard: {
    listener: string
    novelId: string
    chapterNumber: number
    /** JSON: HeardRanges. */
    ranges: string
    /** How many segments the ranges hold. */
    segments: number
    updatedAt: string
  }
  voices: {
    id: string
    family: VoiceFamily
    name: string
    language: string
    gender: 'female' | 'male' | null
    quality: string | null
    /** JSON: names. */
    speakers: string
    licence: string | null
    source: 'public' | 'file'
    folder: string
    configured: number
    /** SHA-256 of the model, hex. */
    checksum: string
    /** SHA-256 of the configuration, hex. */
    configChecksum: string | null
    bytes: number
    gain: number
    pace: number | null
    createdAt: string
  }
  /** By primary language subtag: the voice that novels in it get. */
  voiceDefaults: {
    language: string
    voice: string
  }
  /** What the speech workers last told of their engines. */
  engines: {
    name: string
    position: number
    version: string
    /** JSON: Voice[]. */
    voices: string
  }
  voiceInstalls: {
    id: string
    voiceId: string
    name: string
    status: InstallStatus
    bytesTotal: number
    errorMessage: string | null
    createdAt: string
    completedAt: string | null
  }
  speechServers: {
    name: string
    title: string
    address: string
    key: string | null
    model: string
    parallel: number
    charactersPerRequest: number
    charactersPerMonth: number | null
    pcmRate: number | null
    /** JSON: names of voices. */
    voices: string
    /** 1 when the server told them itself. */
    voicesListed: number
    createdAt: string
  }
  speechServerUse: {
    server: string
    /** `2026-11`, UTC. */
    month: string
    characters: number
  }
  /** What was measured of the voices that speech servers have; it stays when a server is removed. */
  serverVoices: {
    address: string
    voice: string
    model: string
    /** 0: the server sends no raw PCM. */
    pcmRate: number
    gain: number
    pace: number | null
  }
  recordings: {
    key: Uint8Array
    novelId: string
    chapterId: number
    form: ChapterTranscode['form']
    recipe: Uint8Array
    /** JSON: RecordingTags. */
    tags: string
    frames: number
    status: ChapterTranscode['status']
    bytes: number | null
    crc32: number | null
    errorMessage: string | null
    createdAt: string
    /** Epoch milliseconds. */
    askedAt: number
  }
  feeds: {
    novelId: string
    /** 128 random bits, base64url. */
    token: string
    /** SHA-256 of the token, 32 bytes. */
    digest: Uint8Array
    createdAt: string
    /** Of what it held when it was last asked for. */
    fingerprint: string
    /** When that was first seen. */
    changedAt: string
  }
  /** Where a finished novel was written. */
  audiobookshelfBooks: {
    novelId: string
    /** Below the folder of the setting, with `/`. */
    path: string
  }
  /** Texts that lost a segment: their clips go unless another segment has the text. */
  releasedTexts: {
    words: Uint8Array
  }
  /** What is to be removed of deleted novels and voices. */
  leftoverFiles: {
    /** Below the data folder, with `/`. */
    path: string
  }
  'clips.clips': ClipsTable
}

/** In `clips.db`: large, and can be made again. */
interface ClipsTable {
  id: Generated<number>
  recipe: Uint8Array
  words: Uint8Array
  /** AAC frames: 1,024 samples each. */
  frames: number
  /** uint16 little endian: bytes of each frame without its ADTS header. */
  frameSizes: Uint8Array
  /** float64 little endian, four numbers a word: start, end, from, to. */
  wordTimes: Uint8Array
  /** CRC-32 of `frameSizes`, `wordTimes` and `adts`. */
  checksum: number
  adts: Uint8Array
}

export type Database = Kysely<Tables>
