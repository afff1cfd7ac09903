import { distinguishing } from '../../../importer/book-identifiers.ts'
import type { Application } from '../../application.ts'
import { Semaphore } from '../../concurrency.ts'
import { type ImportedNovel, importNovel, type ImportOptions } from '../novel-commands.ts'
import { fetchWebFile, type WebFileOptions } from './web-file.ts'
import { webAddress } from './web-request.ts'

/** How what lies at an address is fetched. */
export interface WebSettings {
  /** Hosts that may be in a private network, see `WebRules`. */
  readonly privateHosts: ReadonlySet<string>
  /** Bytes that a book may have. */
  readonly uploadLimit: number
}

/** A page's server is waited for so long without a byte, and so long for all that comes. */
const patience = { idleMs: 30_000, wholeMs: 15 * 60_000 }

/** Addresses that are fetched at the same time. */
const fetchSlots = new Semaphore(4)

/**
 * Imports what lies at an address, as `importNovel` does a file. The address is an identifier of the book: what lies there
 * later is another version of it. Throws `address.…`, and what `importNovel` throws.
 */
export async function importAddress(
  context: Pick<Application, 'db' | 'folder' | 'objects' | 'lock'>,
  typed: string,
  { privateHosts, uploadLimit }: WebSettings,
  signal: AbortSignal,
  options: ImportOptions & Pick<WebFileOptions, 'onBytes'> = {},
): Promise<ImportedNovel> {
  const address = webAddress(typed)
  const { onBytes, ...importOptions } = options
  const rules = { ...patience, privateHosts, limit: uploadLimit, ...(onBytes && { onBytes }) }
  const fetched = await fetchSlots.run(() => fetchWebFile(address, context.folder, rules, signal), signal)
  await using file = fetched.file
  return await importNovel(context, file, fetched.fileName, signal, {
    ...importOptions,
    amend: (head) => ({
      ...head,
      // They come first: of identifiers only some are kept.
      identifiers: distinguishing([address.href, fetched.url.href, ...(head.identifiers ?? [])]),
    }),
  })
}
