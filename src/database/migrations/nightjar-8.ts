/** What the speech workers last told of their engines: a start offers their voices before a worker is ready. */
export const nightjar8 = `
CREATE TABLE engines (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  version TEXT NOT NULL,
  voices TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
