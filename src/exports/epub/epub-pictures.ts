import { imageTypeOf, type BookImage } from '../../novel/book-layout.ts'
import { escapeXml } from '../../novel/xml-escape.ts'
import { type EpubEntry, type EpubPlan, type PlannedChapter, plannedSkips } from './epub-plan.ts'

/** Types that every reader of EPUBs shows; drawings may hold scripts. */
const shown = new Set(['image/jpeg', 'image/png', 'image/gif'])
const folder = 'images/'

function isShown({ name }: BookImage): boolean {
  return shown.has(imageTypeOf(name) ?? '')
}

/** The images of the chapters as entries of the new file: their packed bytes, as the source has them. */
export function pictureEntries({ source, chapters }: EpubPlan): EpubEntry[] {
  if (source === undefined) return []
  const images = chapters.flatMap((chapter) => plannedSkips(chapter).flatMap(({ image }) => image ?? []))
  const byName = new Map(images.filter(isShown).map((image) => [image.name, image]))
  return [...byName.values()].map(({ name, start, packedBytes, bytes, deflated }) => ({
    name: `EPUB/${folder}${name}`,
    method: deflated ? 8 : 0,
    // A name begins with the checksum.
    crc: Number.parseInt(name.slice(0, 8), 16),
    size: bytes,
    file: source,
    start,
    packedSize: packedBytes,
  }))
}

/** Elements of the package's manifest. */
export function pictureItems(entries: readonly EpubEntry[]): string[] {
  return entries.map(({ name }, index) => {
    const file = name.slice(`EPUB/${folder}`.length)
    return `<item id="image-${index + 1}" href="${folder}${file}" media-type="${imageTypeOf(file)}"/>`
  })
}

/** The pictures of a chapter's page, by the block before or behind which they stand: `before 3`, `behind 3`. */
export function picturesOf(
  chapter: PlannedChapter,
  { source }: Pick<EpubPlan, 'source'>,
): ReadonlyMap<string, readonly string[]> {
  if (source === undefined) return new Map()
  const pictures = plannedSkips(chapter).flatMap(({ block, start, text = '', image }) =>
    image !== undefined && isShown(image)
      ? [
          {
            place: `${start === 0 ? 'before' : 'behind'} ${block}`,
            element: `<figure><img src="${folder}${image.name}" alt="${escapeXml(text)}"/></figure>`,
          },
        ]
      : [],
  )
  const places = Map.groupBy(pictures, ({ place }) => place)
  return new Map([...places].map(([place, all]) => [place, all.map(({ element }) => element)]))
}
