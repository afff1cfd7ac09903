/** The precious half: what people asked for and what their books are. */
export const nightjar1 = `
CREATE TABLE novels (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  author TEXT NOT NULL,
  language TEXT NOT NULL,
  voice TEXT,
  speed REAL NOT NULL DEFAULT 1,
  coverType TEXT,
  metadata TEXT NOT NULL,
  sourceSha256 TEXT NOT NULL UNIQUE,
  sourceName TEXT NOT NULL,
  report TEXT NOT NULL,
  complete INTEGER NOT NULL DEFAULT 0,
  createdAt TEXT NOT NULL
) STRICT;

CREATE TABLE chapters (
  id INTEGER PRIMARY KEY,
  novelId TEXT NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  part TEXT,
  matter TEXT NOT NULL,
  narrated INTEGER NOT NULL,
  characters INTEGER NOT NULL,
  segmentCount INTEGER NOT NULL,
  UNIQUE (novelId, number)
) STRICT;

CREATE TABLE chapterTexts (
  chapterId INTEGER PRIMARY KEY REFERENCES chapters (id) ON DELETE CASCADE,
  blocks TEXT NOT NULL,
  skips TEXT NOT NULL,
  segments TEXT NOT NULL
) STRICT;

-- Narrow, for it is written once a sentence and counted in whole novels.
CREATE TABLE segments (
  chapterId INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
  idx INTEGER NOT NULL,
  words BLOB NOT NULL,
  PRIMARY KEY (chapterId, idx)
) STRICT, WITHOUT ROWID;
-- Which segments, in any novel, a clip is the sound of.
CREATE INDEX segmentsByWords ON segments (words);

CREATE TABLE recipes (
  hash BLOB PRIMARY KEY,
  voice TEXT NOT NULL,
  speed REAL NOT NULL,
  engine TEXT NOT NULL,
  studio TEXT NOT NULL,
  pauses TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE generations (
  id TEXT PRIMARY KEY,
  novelId TEXT NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
  recipe BLOB NOT NULL REFERENCES recipes (hash),
  priority INTEGER NOT NULL,
  wish TEXT NOT NULL,
  chapterSet BLOB NOT NULL,
  createdAt TEXT NOT NULL,
  startedAt TEXT,
  completedAt TEXT
) STRICT;
CREATE INDEX generationsByNovel ON generations (novelId, chapterSet);

CREATE TABLE generationChapters (
  generationId TEXT NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  chapterId INTEGER NOT NULL REFERENCES chapters (id) ON DELETE CASCADE,
  PRIMARY KEY (generationId, chapterId)
) STRICT, WITHOUT ROWID;
CREATE INDEX generationChaptersByChapter ON generationChapters (chapterId);

CREATE TABLE failures (
  recipe BLOB NOT NULL,
  words BLOB NOT NULL,
  attempts INTEGER NOT NULL,
  reason TEXT NOT NULL,
  setAside INTEGER NOT NULL,
  nextAt INTEGER NOT NULL,
  PRIMARY KEY (recipe, words)
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
  novelId TEXT PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
  chapterNumber INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  seconds REAL NOT NULL,
  updatedAt TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
