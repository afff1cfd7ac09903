import type { ColumnType, Generated } from 'kysely'

/** In `clips.db`: large, and can be regenerated. */
export interface ClipsTable {
  id: Generated<number>
  recipe: Uint8Array
  words: Uint8Array
  /** AAC frames: 1,024 samples each. */
  frames: number
  /** uint16 little endian: bytes of each frame without its ADTS header. */
  frameSizes: Uint8Array
  /** float64 little endian, four numbers per word: start, end, from, to. */
  wordTimes: Uint8Array
  /** CRC-32 of `frameSizes`, `wordTimes` and `adts`. */
  checksum: number
  /** NULL where the audio is in an object. */
  adts: ColumnType<Uint8Array, Uint8Array | undefined, Uint8Array>
  /** In Postgres only, and only of what is in an object: bytes of the audio. */
  bytes: Generated<number | null>
  /** Key of the object that has the audio. */
  object: Generated<string | null>
  /** Of the audio in a pack; NULL: the object is this clip alone. */
  offset: Generated<number | null>
}
