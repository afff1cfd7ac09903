import { Parser } from 'htmlparser2'

const decoded = new Map<string, string>()

/** A `<` that opens nothing, as in `I <3 you` and `5 < 6`: browsers read it as the sign that it is. */
const strayLess = /<(?![A-Za-z_:!?/\u0080-\uffff]|$)|<(?=\/\d)/g

/**
 * XHTML with HTML's named characters (`&nbsp;`, `&eacute;`) written out, which an XML parser does not know. Entities that
 * a document defines for itself are never expanded, neither from outside nor from each other: they stay as they stand.
 * A `<` that is no markup is written out as well.
 */
export function writeOutEntities(source: string): string {
  const xhtml = withoutStrayLess(source)
  if (!xhtml.includes('&')) return xhtml
  return xhtml.replaceAll(/&([A-Za-z][A-Za-z0-9]{1,31});/g, (reference: string, name: string) => {
    if (/^(?:amp|lt|gt|quot|apos)$/.test(name)) return reference
    let text = decoded.get(name)
    if (text === undefined) {
      text = decodeByHtml(reference)
      // Names come from the book: a hostile one could bring millions.
      if (decoded.size < 5000) decoded.set(name, text)
    }
    return text
  })
}

/** In a CDATA section every `<` is text already. */
function withoutStrayLess(xhtml: string): string {
  if (!xhtml.includes('<![CDATA[')) return xhtml.replaceAll(strayLess, '&lt;')
  return xhtml
    .split('<![CDATA[')
    .map((part, index) => {
      const end = index === 0 ? 0 : part.indexOf(']]>')
      return end < 0 ? part : part.slice(0, end) + part.slice(end).replaceAll(strayLess, '&lt;')
    })
    .join('<![CDATA[')
}

function decodeByHtml(reference: string): string {
  let text = ''
  const parser = new Parser({ ontext: (data) => (text += data) })
  parser.end(reference)
  // What is markup once it is decoded stays a reference: &LT; must not open a tag.
  return text === '<' ? '&lt;' : text === '&' ? '&amp;' : text
}
