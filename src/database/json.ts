import { Failure } from '../novel/failure.ts'

/**
 * What was stored as JSON. SQLite keeps no checksums: a part of a page that was overwritten is only noticed here. Throws
 * `storage.damaged`.
 */
export function parseStoredJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  }
}
