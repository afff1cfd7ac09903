/** Which sentences of a chapter a listener has heard, in whatever voice: JSON ranges of segment indices, and their number. */
export const nightjar6 = `
CREATE TABLE heard (
  listener TEXT NOT NULL,
  novelId TEXT NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
  chapterNumber INTEGER NOT NULL,
  ranges TEXT NOT NULL,
  segments INTEGER NOT NULL,
  updatedAt TEXT NOT NULL,
  PRIMARY KEY (listener, novelId, chapterNumber)
) STRICT, WITHOUT ROWID;
CREATE INDEX heardByNovel ON heard (novelId);
`

/** The folder of a voice is a leftover, noted before it is put into its place, until the voice is written down. */
export const nightjar7 = `
CREATE TRIGGER voiceInserted AFTER INSERT ON voices
BEGIN
  DELETE FROM leftoverFiles WHERE path = 'voices/' || new.folder;
END;
`

/** What the speech workers last told of their engines: a start offers their voices before a worker is ready. */
export const nightjar8 = `
CREATE TABLE engines (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  version TEXT NOT NULL,
  voices TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

/**
 * Ids of chapters are never used twice: what was once kept under one (counts, layouts, validators of HTTP caches) can
 * never be taken for another chapter's. Which ids deleted chapters had is not known any more, so the numbers go on a
 * million above the highest that is. The tables that refer to chapters refer to them by name and stay as they are.
 */
export const nightjar9 = `
CREATE TABLE chaptersWithLastingIds (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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

INSERT INTO chaptersWithLastingIds
SELECT id, novelId, number, title, part, matter, narrated, characters, segmentCount FROM chapters;

DELETE FROM sqlite_sequence WHERE name = 'chaptersWithLastingIds';
INSERT INTO sqlite_sequence (name, seq)
SELECT 'chaptersWithLastingIds', 1000000 + max(
  (SELECT coalesce(max(id), 0) FROM chapters),
  (SELECT coalesce(max(chapterId), 0) FROM chapterTexts),
  (SELECT coalesce(max(chapterId), 0) FROM segments),
  (SELECT coalesce(max(chapterId), 0) FROM generationChapters),
  (SELECT coalesce(max(chapterId), 0) FROM recordings)
);

DROP TABLE chapters;
ALTER TABLE chaptersWithLastingIds RENAME TO chapters;
`

/**
 * All that shapes a sound: the pace of voices, their configurations, the accent of a recipe. `made` tells of a recipe
 * from before what it was made with, in today's words. What was measured of a speech server's voice is kept by all that it
 * depends on, and outlives the server's row, so that the same key never gets another gain.
 */
export const nightjar10 = `
ALTER TABLE voices ADD COLUMN configChecksum TEXT;
ALTER TABLE voices ADD COLUMN pace REAL;

ALTER TABLE recipes ADD COLUMN pace TEXT;
ALTER TABLE recipes ADD COLUMN accent TEXT;
ALTER TABLE recipes ADD COLUMN made TEXT;

CREATE TABLE serverVoices (
  address TEXT NOT NULL,
  voice TEXT NOT NULL,
  model TEXT NOT NULL,
  pcmRate INTEGER NOT NULL,
  gain REAL NOT NULL,
  pace REAL,
  PRIMARY KEY (address, voice, model, pcmRate)
) STRICT, WITHOUT ROWID;
INSERT INTO serverVoices (address, voice, model, pcmRate, gain)
  SELECT address, voice, gains.model, coalesce(pcmRate, 0), gain
  FROM speechServerGains AS gains JOIN speechServers ON name = server
  WHERE true ON CONFLICT DO NOTHING;
DROP TABLE speechServerGains;
`

/**
 * Novels from before there was a silence at a chapter's head, and of which nothing was ever asked to be spoken, get it
 * as a novel that is imported today: nothing of theirs is heard yet that it could change. `openingWords` is the text's
 * half of the key of a clip that a chapter begins with.
 */
export const nightjar11 = `
CREATE TEMP TABLE unopenedChapters AS
SELECT chapterId, segments ->> '$[0].spoken' AS spoken, segments ->> '$[0].pause' AS pause
FROM chapterTexts JOIN chapters ON chapters.id = chapterId
WHERE novelId NOT IN (SELECT novelId FROM main.generations)
  AND CASE WHEN json_valid(segments)
    THEN segments ->> '$[0].spoken' IS NOT NULL AND segments ->> '$[0].opening' IS NULL
    ELSE 0 END;

UPDATE main.segments SET words = openingWords(spoken, pause)
FROM unopenedChapters AS unopened
WHERE segments.chapterId = unopened.chapterId AND idx = 0;

UPDATE main.chapterTexts SET segments = json_set(segments, '$[0].opening', json('true'))
WHERE chapterId IN (SELECT chapterId FROM unopenedChapters);

DROP TABLE unopenedChapters;
`
