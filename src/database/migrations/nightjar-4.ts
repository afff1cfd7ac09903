/** Chapters that somebody wants as MP3 or Opus; the files lie beside the database and can be made again. */
export const nightjar4 = `
CREATE TABLE recordings (
  key BLOB PRIMARY KEY,
  novelId TEXT NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
  chapterId INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
  form TEXT NOT NULL,
  recipe BLOB NOT NULL,
  tags TEXT NOT NULL,
  frames INTEGER NOT NULL,
  status TEXT NOT NULL,
  bytes INTEGER,
  crc32 INTEGER,
  errorMessage TEXT,
  createdAt TEXT NOT NULL,
  askedAt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recordingsByNovel ON recordings (novelId);
CREATE INDEX recordingsByChapter ON recordings (chapterId);
-- What is to be done next, and what goes first when there are too many.
CREATE INDEX recordingsInLine ON recordings (status, askedAt);
`
