const htmlTag =
  /<\/?(?:p|br|div|span|b|i|u|s|em|strong|small|big|sup|sub|a|font|center|h[1-6]|hr|img|ul|ol|li|table|tbody|tr|td|th|blockquote|pre|section|article|html|head|body|title|meta|script|style|strike|del|ins|tt)(?:\s[^<>]{0,300})?\s?\/?>|<!--[^<>]{0,300}-->/gi
const htmlEntity =
  /&(?:#\d{1,7}|#x[\da-f]{1,6}|nbsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|laquo|raquo|emsp|ensp|copy|eacute|egrave|agrave|ccedil|uuml|ouml|auml|szlig);/gi
const namedEntities: Readonly<Record<string, string>> = {
  nbsp: '\u00a0',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  middot: '·',
  laquo: '«',
  raquo: '»',
  emsp: ' ',
  ensp: ' ',
  copy: '©',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  uuml: 'ü',
  ouml: 'ö',
  auml: 'ä',
  szlig: 'ß',
}

export interface Untagged {
  /** Without tags, entities as their characters. */
  readonly text: string
  /** The tags, in order. */
  readonly tags: string
}

/** A line of plain text that holds tags of HTML or entities; `undefined` if it has none of them. */
export function withoutTags(line: string): Untagged | undefined {
  if (!line.includes('<') && !line.includes('&')) return undefined
  const tags: string[] = []
  const text = line
    .replaceAll(htmlTag, (found) => {
      tags.push(found)
      return /^<\/?(?:br|p|div|li|td|tr)\b/i.test(found) ? ' ' : ''
    })
    .replaceAll(htmlEntity, characterOf)
  return text === line ? undefined : { text, tags: tags.join(' ') }
}

function characterOf(reference: string): string {
  const name = reference.slice(1, -1)
  if (!name.startsWith('#')) return namedEntities[name.toLowerCase()] ?? reference
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : reference
}
