/**
 * Castings: what was one recipe for a whole novel is a recipe for each role. A casting of a single voice has its recipe's
 * hash for its id, so the rows that named a recipe name a casting as they are. No row of `segments` is rewritten: the
 * role that all have so far is the column's default.
 */
export const nightjar12 = `
-- Who speaks what: a recipe for each role. A role without a part is spoken by the narrator, role 0.
CREATE TABLE castings (
  -- Of a single voice the hash of its recipe, else of all its parts.
  id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE castingParts (
  casting BLOB NOT NULL REFERENCES castings (id) ON DELETE CASCADE,
  role INTEGER NOT NULL,
  recipe BLOB NOT NULL REFERENCES recipes (hash),
  PRIMARY KEY (casting, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX castingPartsByRecipe ON castingParts (recipe);

INSERT INTO castings SELECT hash FROM recipes;
INSERT INTO castingParts SELECT hash, 0, hash FROM recipes;

CREATE TABLE generationsInCastings (
  id TEXT PRIMARY KEY,
  novelId TEXT NOT NULL REFERENCES novels (id) ON DELETE CASCADE,
  casting BLOB NOT NULL REFERENCES castings (id),
  priority INTEGER NOT NULL,
  wish TEXT NOT NULL,
  chapterSet BLOB NOT NULL,
  createdAt TEXT NOT NULL,
  startedAt TEXT,
  completedAt TEXT
) STRICT;
INSERT INTO generationsInCastings
SELECT id, novelId, recipe, priority, wish, chapterSet, createdAt, startedAt, completedAt FROM generations;
DROP TABLE generations;
ALTER TABLE generationsInCastings RENAME TO generations;
CREATE INDEX generationsByNovel ON generations (novelId, chapterSet);
CREATE INDEX generationsByCasting ON generations (casting);

ALTER TABLE segments ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recordings RENAME COLUMN recipe TO casting;
`
