/** Of a page, in which its mark stands: browsers write it first. */
const markUnits = 8 * 1024
const longestAddress = 2048

/**
 * The address that a page was fetched from: as browsers write it when they save a page (“saved from url”), as SingleFile
 * does, and as `savedFrom` does.
 */
export function savedAddress(html: string): string | undefined {
  const start = html.slice(0, markUnits)
  const found =
    /<!--\s*saved from url=\(\d+\)(https?:\S+?)\s*-->/i.exec(start) ??
    /<!--\s*Page saved with SingleFile\s+url:\s*(https?:\S+)/.exec(start)
  const address = found?.[1]
  return address !== undefined && address.length <= longestAddress ? address : undefined
}

/**
 * What stands before a page that was fetched, so that the file by itself tells where it comes from. `charset`: as its
 * server said.
 */
export function savedFrom(address: URL, charset: string | undefined): string {
  const url = address.href.replaceAll('--', '%2D%2D')
  const meta = charset === undefined ? '' : `<meta charset="${charset}">`
  return `<!doctype html>${meta}<!-- saved from url=(${String(url.length).padStart(4, '0')})${url} -->\n`
}
