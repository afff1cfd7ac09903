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
