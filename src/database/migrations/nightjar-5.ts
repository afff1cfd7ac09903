/**
 * What was deleted is written down by the commit that deletes it, so that a sweep removes what this database knew and
 * nothing that it merely does not know: that may belong to a newer database than this one.
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
