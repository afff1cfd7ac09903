// What the reader and the writer of PLS documents share. The reader loads an XML parser, which a server needs seldom.

/** The namespace of what PLS has no word for; it stands in `role`, which is a list of qualified names. */
export const ownNamespace = 'urn:nightjar:pronunciation'
export const ownRoles = { stem: 'stem', anyCase: 'any-case', exactCase: 'exact-case' } as const

/** Bytes of a document; a lexicon of 50,000 words has 5 MB. */
export const maxPlsBytes = 8 * 1024 * 1024

/**
 * Whether `written` is to be found in exactly this case if nothing is said about it: a lower-case word also stands at the
 * beginning of a sentence, but "Polish" is not "polish".
 */
export function isCaseSensitive(written: string): boolean {
  return written !== written.toLowerCase()
}
