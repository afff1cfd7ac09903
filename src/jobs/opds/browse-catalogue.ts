import { Failure } from '../../novel/failure.ts'
import type { OpdsSource } from '../../novel/opds-source.ts'
import { readOpds2Document } from './opds2-document.ts'
import type { OpdsPage } from './opds-page.ts'
import { openOpds, passing } from './opds-request.ts'
import { searchAddress } from './search-template.ts'

/** Bytes of a page; those of 100 books have some hundred kilobytes. */
const mostBytes = 2 * 1024 * 1024
/** Milliseconds for a page altogether. */
const pageMs = 30_000
const pageTypes =
  'application/atom+xml;profile=opds-catalog, application/opds+json, application/atom+xml;q=0.9, application/json;q=0.5, application/xml;q=0.4, */*;q=0.1'

interface Browsing {
  /** Left out: the first page. */
  readonly at?: string | undefined
  readonly signal: AbortSignal
}

/** A page of a catalogue. Throws `opds.no-catalogue`, and what `openOpds` throws. */
export async function browseCatalogue(source: OpdsSource, { at, signal }: Browsing): Promise<OpdsPage> {
  const { text, address } = await fetchText(source, new URL(at ?? source.address), pageTypes, signal)
  const page = await readPage(text, address)
  if (!page) throw new Failure('opds.no-catalogue', { host: address.host })
  return page
}

/**
 * Searches a catalogue by what its page tells of it (`OpdsPage.search`). Throws `opds.no-search`, and what `browseCatalogue`
 * throws.
 */
export async function searchCatalogue(
  source: OpdsSource,
  search: string,
  words: string,
  signal: AbortSignal,
): Promise<OpdsPage> {
  const template = /\{|%7B/i.test(search) ? search : await describedTemplate(source, search, signal)
  const at = template === undefined ? undefined : searchAddress(template, words)
  if (at === undefined) throw new Failure('opds.no-search')
  return browseCatalogue(source, { at, signal })
}

async function describedTemplate(
  source: OpdsSource,
  search: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const types = 'application/opensearchdescription+xml, application/xml;q=0.5'
  const { text, address } = await fetchText(source, new URL(search), types, signal)
  const { readSearchDescription } = await atomReader()
  return read(() => readSearchDescription(text, address))
}

async function readPage(text: string, address: URL): Promise<OpdsPage | undefined> {
  if (/^\s*\{/.test(text)) return read(() => readOpds2Document(text, address))
  const { readAtomFeed } = await atomReader()
  return read(() => readAtomFeed(text, address))
}

/** Loaded where there is a catalogue: no other answer of the server needs a reader of XML. */
function atomReader() {
  return import('./atom-feed.ts')
}

/** What nests too deep is no catalogue. */
function read<Result>(reader: () => Result): Result | undefined {
  try {
    return reader()
  } catch (error) {
    if (error instanceof Failure) return undefined
    throw error
  }
}

async function fetchText(
  source: OpdsSource,
  address: URL,
  accept: string,
  stopped: AbortSignal,
): Promise<{ readonly text: string; readonly address: URL }> {
  const late = AbortSignal.timeout(pageMs)
  const signal = AbortSignal.any([stopped, late])
  const slow = (error: unknown): unknown =>
    late.aborted && !stopped.aborted ? passing(address, 'it does not answer in time') : error
  const { response, at } = await openOpds({ source, address, accept, signal }).catch((error: unknown) => {
    throw slow(error)
  })
  try {
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body()) {
      bytes += chunk.length
      if (bytes > mostBytes)
        throw new Failure('opds.unreachable', {
          host: at.host,
          detail: 'its answer is larger than any real list',
        })
      chunks.push(chunk)
    }
    return { text: new TextDecoder().decode(Buffer.concat(chunks)), address: at }
  } catch (error) {
    if (error instanceof Failure) throw error
    stopped.throwIfAborted()
    throw late.aborted ? slow(error) : passing(at, 'the connection broke off')
  } finally {
    response.close()
  }
}
