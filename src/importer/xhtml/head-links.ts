/** A `link` in a document's head, or its `xml-stylesheet` instruction. */
export interface HeadLink {
  /** Lower case. */
  readonly rel: string
  readonly href: string
  readonly media: string
  readonly type: string
}

/** UTF-16 units of a document that are searched for links. */
const headLength = 64 * 1024

/** The links in the head of a document, without those that have no address. */
export function headLinks(xhtml: string): HeadLink[] {
  const head = xhtml.slice(0, headLength)
  const end = head.search(/<body[\s>]/i)
  const tags =
    (end < 0 ? head : head.slice(0, end)).match(/<link\s[^<>]*>|<\?xml-stylesheet\s[^<>]*\?>/gi) ?? []
  return tags.flatMap((tag) => {
    const attribute = (name: string): string | undefined =>
      new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag)?.slice(1).find(Boolean)
    const href = attribute('href')
    if (href === undefined) return []
    const rel = (attribute('rel') ?? (tag.startsWith('<?') ? 'stylesheet' : '')).toLowerCase()
    return { rel, href, media: attribute('media') ?? 'all', type: (attribute('type') ?? '').toLowerCase() }
  })
}
