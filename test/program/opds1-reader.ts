import { createRequire } from 'node:module'
import { XMLValidator } from 'fast-xml-parser'
import type * as OpdsFeedParser from 'opds-feed-parser'

// Bundlers and Node disagree on what the default of this package is.
const opds = createRequire(import.meta.url)('opds-feed-parser') as typeof OpdsFeedParser.default

/** As a reading app reads: well-formed XML, then a parser made for OPDS. */
export async function readOpds(xml: string): Promise<OpdsFeedParser.OPDSFeed> {
  const valid = XMLValidator.validate(xml)
  if (valid !== true) throw new Error(`not well formed: ${valid.err.msg} in line ${valid.err.line}`)
  const feed = await new opds.default().parse(xml)
  if (!(feed instanceof opds.OPDSFeed)) throw new Error('an entry where a feed was wanted')
  return feed
}

export function isAcquisitionFeed(feed: OpdsFeedParser.OPDSFeed): boolean {
  return feed instanceof opds.AcquisitionFeed
}
