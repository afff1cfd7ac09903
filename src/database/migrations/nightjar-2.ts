/** Voices from files and from servers. */
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
