import { readFile, stat } from 'node:fs/promises'
import { childElements, descendants, parseXml, textOf } from '../../importer/xhtml/xml-tree.ts'

/** Calibre writes some kilobytes. */
const mostBytes = 256 * 1024

/** Title and authors of a `metadata.opf`; nothing of one that cannot be read. */
export async function readCalibreMetadata(
  path: string,
): Promise<{ readonly title?: string; readonly author?: string }> {
  try {
    if ((await stat(path)).size > mostBytes) return {}
    const [metadata] = descendants(parseXml(await readFile(path, 'utf8')), 'metadata')
    if (!metadata) return {}
    const texts = (name: string): string[] =>
      childElements(metadata, name)
        .map(textOf)
        .filter((text) => text !== '')
    const [title] = texts('title')
    const author = texts('creator').join(', ')
    return { ...(title !== undefined && { title }), ...(author !== '' && { author }) }
  } catch {
    return {}
  }
}
