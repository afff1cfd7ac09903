/**
 * Where a file of an import stands. `sending`: it has not come yet; `waiting`: it is here; `reading`; `added`: a new novel;
 * `known`: a novel that is there, or was in the trash; `version`: another version of a novel, offered to it; `unchanged`: the
 * same, in which nothing changed; `unpacked`: its books are files of their own; `refused`.
 */
export const importStates = [
  'sending',
  'waiting',
  'reading',
  'added',
  'known',
  'version',
  'unchanged',
  'unpacked',
  'refused',
] as const
export type ImportState = (typeof importStates)[number]

/** States in which nothing more becomes of a file by itself. */
export const endStates = ['added', 'known', 'version', 'unchanged', 'unpacked', 'refused'] as const
