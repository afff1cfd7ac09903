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
