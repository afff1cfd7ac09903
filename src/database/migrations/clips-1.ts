/** The large half: the audio. The index holds all that progress and timelines ask, so they never touch the blobs. */
export const clips1 = `
CREATE TABLE clips.clips (
  id INTEGER PRIMARY KEY,
  recipe BLOB NOT NULL,
  words BLOB NOT NULL,
  frames INTEGER NOT NULL,
  frameSizes BLOB NOT NULL,
  wordTimes BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  adts BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX clips.clipsByKey ON clips (recipe, words);
CREATE INDEX clips.clipLengths ON clips (recipe, words, frames);
`
