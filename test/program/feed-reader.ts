import { XMLValidator } from 'fast-xml-parser'
import { parseFeed } from 'podcast-partytime'

/** A podcast app's way of reading: well-formed XML, then a parser that knows Apple's and Podcasting 2.0's tags. */
export function readFeed(xml: string) {
  const valid = XMLValidator.validate(xml)
  if (valid !== true) throw new Error(`not well formed: ${valid.err.msg} in line ${valid.err.line}`)
  const feed = parseFeed(xml)
  if (!feed) throw new Error('no parser would take this for a podcast')
  return feed
}
