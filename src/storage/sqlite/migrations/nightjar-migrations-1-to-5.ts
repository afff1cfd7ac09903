/** Novels with their chapters, texts and segments; generations; failures; positions. */
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

/** Installed voices, their installs and defaults; speech servers, their use and measured gains. */
export const nightjar2 = `
CREATE TABLE voices (
  id TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  gender TEXT,
  quality TEXT,
  speakers TEXT NOT NULL,
  licence TEXT,
  source TEXT NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  configured INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  gain REAL NOT NULL,
  createdAt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE voiceDefaults (
  language TEXT PRIMARY KEY,
  voice TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE voiceInstalls (
  id TEXT PRIMARY KEY,
  voiceId TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  bytesTotal INTEGER NOT NULL,
  errorMessage TEXT,
  createdAt TEXT NOT NULL,
  completedAt TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE speechServers (
  name TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  address TEXT NOT NULL,
  key TEXT,
  model TEXT NOT NULL,
  parallel INTEGER NOT NULL,
  charactersPerRequest INTEGER NOT NULL,
  charactersPerMonth INTEGER,
  pcmRate INTEGER,
  voices TEXT NOT NULL,
  voicesListed INTEGER NOT NULL,
  createdAt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Written before the characters are sent, so that a crash never forgets what was paid for.
CREATE TABLE speechServerUse (
  server TEXT NOT NULL REFERENCES speechServers (name) ON DELETE CASCADE,
  month TEXT NOT NULL,
  characters INTEGER NOT NULL,
  PRIMARY KEY (server, month)
) STRICT, WITHOUT ROWID;

-- The gain of a server's voice, measured over a calibration text when it first speaks.
CREATE TABLE speechServerGains (
  server TEXT NOT NULL REFERENCES speechServers (name) ON DELETE CASCADE,
  voice TEXT NOT NULL,
  model TEXT NOT NULL,
  gain REAL NOT NULL,
  PRIMARY KEY (server, voice, model)
) STRICT, WITHOUT ROWID;
`

/** Exports: private podcast feeds, and paths of finished novels in the audiobookshelf folder. */
export const nightjar3 = `
-- The token itself is kept, or the page could not show the address again. It is looked up by its digest, so that how
-- long the search takes tells nothing about it.
CREATE TABLE feeds (
  novelId TEXT PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
  token TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  createdAt TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  changedAt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audiobookshelfBooks (
  novelId TEXT PRIMARY KEY REFERENCES novels (id) ON DELETE CASCADE,
  path TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

/** Transcodes: chapters requested as MP3 or Opus. Their files are stored beside the database and can be remade. */
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

/**
 * Deletions are recorded by the commit that makes them, so that a sweep removes only what this database once had. What
 * it has never had may belong to a newer database.
 */
export const nightjar5 = `
-- Texts that lost a segment. Their clips go if no other segment has the text.
CREATE TABLE releasedTexts (
  words BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER segmentDeleted AFTER DELETE ON segments
BEGIN
  INSERT INTO releasedTexts VALUES (old.words) ON CONFLICT DO NOTHING;
END;

-- Files and folders of novels and voices that were deleted, below the data folder.
CREATE TABLE leftoverFiles (
  path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER novelDeleted AFTER DELETE ON novels WHEN old.complete = 1
BEGIN
  INSERT INTO leftoverFiles
  VALUES ('sources/' || old.id), ('sources/' || old.id || '.json'), ('covers/' || old.id)
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER novelHidden AFTER UPDATE OF complete ON novels WHEN old.complete = 1 AND new.complete <> 1
BEGIN
  INSERT INTO leftoverFiles
  VALUES ('sources/' || old.id), ('sources/' || old.id || '.json'), ('covers/' || old.id)
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER voiceDeleted AFTER DELETE ON voices
BEGIN
  INSERT INTO leftoverFiles VALUES ('voices/' || old.folder) ON CONFLICT DO NOTHING;
END;
`
