/** The folder of a voice is a leftover, noted before it is put into its place, until the voice is written down. */
export const nightjar7 = `
CREATE TRIGGER voiceInserted AFTER INSERT ON voices
BEGIN
  DELETE FROM leftoverFiles WHERE path = 'voices/' || new.folder;
END;
`
