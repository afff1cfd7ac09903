/** RFC 6266 and RFC 8187: a name in plain letters for old clients, and the real one. */
export function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["%\\/]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
