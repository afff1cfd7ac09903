/** Tokens of programs: their secrets are not stored, only the hashes by which they are found. */
export const nightjar13 = `
CREATE TABLE accessTokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  createdAt TEXT NOT NULL,
  lastUsedAt TEXT,
  revokedAt TEXT
) STRICT;
`
