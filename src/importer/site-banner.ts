/** Lines at either end in which sites advertise themselves. */
const edge = 5
const address = /https?:\/\/|\bwww\.|\.(?:com|net|org|cc|vn|ru|info)\b/i

/** The lines without the advertisements of the site that a text comes from, which stand at its very ends. */
export function withoutBanner(lines: readonly string[]): { lines: string[]; banner: string[] } {
  const filled = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index]))
  const ends = new Set([...filled.slice(0, edge), ...filled.slice(-edge)])
  const isBanner = (line: string, index: number): boolean =>
    ends.has(index) && address.test(line) && filled.length > 2 * edge
  const banner = lines.filter(isBanner).map((line) => line.trim().slice(0, 120))
  // Its place stays blank, so that what stands around it does not join.
  return {
    lines: banner.length === 0 ? [...lines] : lines.map((line, index) => (isBanner(line, index) ? '' : line)),
    banner,
  }
}
