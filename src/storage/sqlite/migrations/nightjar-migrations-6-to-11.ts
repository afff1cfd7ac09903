/** Segments of a chapter that a listener has heard, in any voice: JSON ranges of segment indices, and their number. */
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

/** A voice's folder is recorded as a leftover before it is moved into place, until the voice's row is inserted. */
export const nightjar7 = `
CREATE TRIGGER voiceInserted AFTER INSERT ON voices
BEGIN
  DELETE FROM leftoverFiles WHERE path = 'voices/' || new.folder;
END;
`

/** The engines as last reported by the speech workers, so that a start can offer voices before a worker is ready. */
export const nightjar8 = `
CREATE TABLE engines (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  version TEXT NOT NULL,
  voices TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

/**
 * Chapter ids become unique for ever (AUTOINCREMENT), so that what is cached under one (counts, layouts, HTTP
 * validators) never matches another chapter. Ids of deleted chapters are not recorded, so numbering continues a million
 * above the highest present. Tables that refer to `chapters` refer to it by name and stay unchanged.
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
 * Adds what else shapes the audio: pace and configuration of voices, accent of recipes. `made` is, for a recipe of an
 * earlier version, the equivalent engine string of today. Measurements of a speech server's voices are keyed by
 * everything they depend on and outlive the server's row, so that one clip key never gets two gains.
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
 * Adds the silence at a chapter's start to novels imported before it existed and without any generation: they have no
 * audio yet that would change. `openingWords(spoken, pause)` is the text hash of a chapter's first segment.
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
