import type { SchemaStep } from './schema-words.ts'

/** The audio. Its indexes cover all that progress and timelines read, so these never touch the audio itself. */
export const baselineClips: SchemaStep = ({ id, integer, bytes, ...words }) => [
  words.table(
    'clips.clips',
    `id ${id},
    recipe ${bytes} NOT NULL,
    words ${bytes} NOT NULL,
    frames ${integer} NOT NULL,
    "frameSizes" ${bytes} NOT NULL,
    "wordTimes" ${bytes} NOT NULL,
    checksum ${integer} NOT NULL,
    adts ${bytes} NOT NULL`,
  ),
  words.index('clipsByKey', 'clips.clips', 'recipe, words', { unique: true }),
  words.index('clipLengths', 'clips.clips', 'recipe, words, frames'),
  ...words.uncompressed('clips.clips', 'adts'),
]
