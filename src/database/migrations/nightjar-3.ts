/** What leaves the house: private podcast feeds, and where finished novels lie in an audiobookshelf folder. */
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
