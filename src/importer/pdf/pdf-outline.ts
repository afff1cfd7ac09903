import { cleanLine } from '../clean-text.ts'
import type { ContentsEntry } from '../publication/contents.ts'
import { onlyDocument } from '../publication/single-document.ts'
import type { PdfPlace } from './pdf-document.ts'

interface OutlineItem {
  readonly title: string
  readonly dest: unknown
  readonly items: readonly OutlineItem[]
}

/** What is used of a document to read its outline. */
export interface OutlineNode {
  getOutline(): Promise<readonly OutlineItem[] | null>
  getDestination(name: string): Promise<readonly unknown[] | null>
  getPageIndex(reference: never): Promise<number>
}

interface PdfOutline {
  readonly places: readonly PdfPlace[]
  readonly entries: readonly ContentsEntry[]
}

const maxEntries = 20_000
const maxDepth = 20

/** The bookmarks of a PDF as its table of contents. A broken outline is none. */
export async function pdfOutline(document: OutlineNode): Promise<PdfOutline> {
  const places: PdfPlace[] = []
  const read = async (items: readonly OutlineItem[], depth: number): Promise<ContentsEntry[]> => {
    const entries: ContentsEntry[] = []
    for (const { title, dest, items: below } of items) {
      if (places.length >= maxEntries || depth > maxDepth) break
      const place = await placeOf(document, dest, `place-${places.length + 1}`)
      if (place !== undefined) places.push(place)
      entries.push({
        title: cleanLine(title),
        ...(place && { target: { file: onlyDocument, id: place.id } }),
        children: await read(below, depth + 1),
      })
    }
    return entries
  }
  try {
    const entries = await read((await document.getOutline()) ?? [], 0)
    return { places, entries }
  } catch {
    return { places: [], entries: [] }
  }
}

async function placeOf(document: OutlineNode, dest: unknown, id: string): Promise<PdfPlace | undefined> {
  try {
    const explicit = typeof dest === 'string' ? await document.getDestination(dest) : dest
    if (!Array.isArray(explicit)) return undefined
    const [reference, kind, first, second] = explicit as readonly unknown[]
    const page = typeof reference === 'number' ? reference : await document.getPageIndex(reference as never)
    const name = (kind as { readonly name?: unknown } | undefined)?.name
    // `XYZ left top zoom`, `FitH top`.
    const top = name === 'XYZ' ? second : name === 'FitH' || name === 'FitBH' ? first : undefined
    return { id, page, y: typeof top === 'number' ? top : undefined }
  } catch {
    return undefined
  }
}
