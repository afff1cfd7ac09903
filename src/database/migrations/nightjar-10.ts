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
