import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Block } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import { escapeXml } from '../../novel/xml-escape.ts'
import {
  type EpubEntry,
  type EpubPlan,
  plannedBlocks,
  type PlannedChapter,
  plannedSegments,
  segmentElementId,
} from './epub-plan.ts'
import {
  buildOverlayFiles,
  deflatedEntry,
  manifestItems,
  type MediaOverlay,
  metadataElements,
  mimetypeEntry,
  type OverlayFiles,
  overlayParts,
} from './media-overlays.ts'
import { pictureEntries, pictureItems, picturesOf } from './epub-pictures.ts'
import { relativeHref } from './relative-href.ts'

const packagePath = 'EPUB/package.opf'

const containerXml = `<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="${packagePath}" media-type="application/oebps-package+xml"/>
</rootfiles></container>
`

const stylesheet = `body { line-height: 1.5; margin: 0 5%; }
h1, h2 { font-weight: normal; line-height: 1.2; margin: 2em 0 1em; text-align: center; }
h2 { margin-top: 0; }
p { margin: 0; text-indent: 1.5em; }
h1 + p, h2 + p, hr + p { text-indent: 0; }
p.verse { margin: 1em 0 1em 1.5em; text-indent: 0; }
figure { margin: 1em 0; text-align: center; }
figure img { max-width: 100%; }
hr { border: 0; border-top: 1px solid; margin: 1.5em auto; width: 20%; }
`

/** The path of a chapter's page. */
function pagePath({ number }: PlannedChapter): string {
  return `EPUB/chapter-${String(number).padStart(3, '0')}.xhtml`
}

/** An EPUB 3 generated from the novel's blocks: a page per chapter, navigation, cover, and overlays of spoken chapters. */
export async function generateEpub(plan: EpubPlan): Promise<EpubEntry[]> {
  const pages = plan.chapters.map((chapter) => ({ chapter, path: pagePath(chapter) }))
  const overlayFiles = buildOverlayFiles(plan, packagePath, pages.flatMap(overlayOf))
  const cover = await coverEntry(plan)
  const pictures = pictureEntries(plan)
  return [
    mimetypeEntry,
    deflatedEntry('META-INF/container.xml', containerXml),
    deflatedEntry(
      packagePath,
      packageDocument(plan, packagePath, pages, overlayFiles, { cover: cover?.name, pictures }),
    ),
    deflatedEntry('EPUB/nav.xhtml', navPage(plan, 'EPUB/nav.xhtml', pages)),
    deflatedEntry('EPUB/book.css', stylesheet),
    ...(cover ? [cover] : []),
    ...pictures,
    ...pages.map(({ chapter, path }) => deflatedEntry(path, chapterPage(plan, chapter))),
    ...overlayFiles.files,
  ]
}

function overlayOf({ chapter, path }: { chapter: PlannedChapter; path: string }): MediaOverlay[] {
  const { times, number } = chapter
  if (times === undefined) return []
  const parts = plannedSegments(chapter).flatMap((_, index) =>
    overlayParts(number, [{ id: segmentElementId(number, index), share: 1 }], {
      from: times[index] ?? 0,
      to: times[index + 1] ?? 0,
    }),
  )
  return parts.length === 0 ? [] : [{ document: path, parts }]
}

async function coverEntry({ cover }: EpubPlan): Promise<(EpubEntry & { readonly name: string }) | undefined> {
  if (cover === undefined) return undefined
  const bytes = await readFile(cover.path)
  const ending = cover.mediaType.replace(/^image\/(\w+).*$/, '$1')
  const { length: size } = bytes
  return {
    name: `EPUB/cover.${ending}`,
    method: 0,
    crc: crc32(bytes),
    size,
    file: cover.path,
    start: 0,
    packedSize: size,
  }
}

function packageDocument(
  plan: EpubPlan,
  path: string,
  pages: readonly { readonly chapter: PlannedChapter; readonly path: string }[],
  overlayFiles: OverlayFiles,
  { cover, pictures }: { readonly cover: string | undefined; readonly pictures: readonly EpubEntry[] },
): string {
  const { id, title, author, language, description, published, series } = plan
  const dated = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/.test(published ?? '')
  const items = pages.map(({ chapter, path: page }) => {
    const overlay = overlayFiles.overlayIds.get(page)
    return `<item id="chapter-${chapter.number}" href="${relativeHref(path, page)}" media-type="application/xhtml+xml"${overlay === undefined ? '' : ` media-overlay="${overlay}"`}/>`
  })
  const spine = pages.map(({ chapter }) => `<itemref idref="chapter-${chapter.number}"/>`)
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="${language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:${id}</dc:identifier>
<dc:title>${escapeXml(title)}</dc:title>
<dc:language>${language}</dc:language>
${dublinCoreElement('dc:creator', author)}${dublinCoreElement('dc:description', description)}${dublinCoreElement('dc:date', dated ? published : undefined)}${seriesElements(series)}${metadataElements(
    [
      ['dcterms:modified', '', plan.modified],
      ['schema:accessMode', '', 'textual'],
      ['schema:accessMode', '', 'auditory'],
      ['schema:accessibilityFeature', '', 'synchronizedAudioText'],
      ['schema:accessibilityHazard', '', 'none'],
      ...overlayFiles.metadata,
    ],
  )}</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="book.css" media-type="text/css"/>
${cover === undefined || plan.cover === undefined ? '' : `<item id="cover" href="${relativeHref(path, cover)}" media-type="${plan.cover.mediaType}" properties="cover-image"/>\n`}${[...items, ...pictureItems(pictures)].join('\n')}
${manifestItems(overlayFiles)}</manifest>
<spine>
${spine.join('\n')}
</spine>
</package>
`
}

function dublinCoreElement(name: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `<${name}>${escapeXml(text)}</${name}>\n`
}

function seriesElements(series: EpubPlan['series']): string {
  if (series === undefined) return ''
  const position = /^\d+(?:\.\d+)*$/.test(series.position ?? '')
    ? `<meta refines="#series" property="group-position">${series.position}</meta>\n`
    : ''
  return `<meta property="belongs-to-collection" id="series">${escapeXml(series.name)}</meta>
<meta refines="#series" property="collection-type">series</meta>
${position}`
}

/** The navigation document; chapters are grouped by part. */
function navPage(
  plan: EpubPlan,
  path: string,
  pages: readonly { readonly chapter: PlannedChapter; readonly path: string }[],
): string {
  const groups: { readonly part: string | undefined; readonly items: string[] }[] = []
  for (const { chapter, path: page } of pages) {
    const item = `<li><a href="${relativeHref(path, page)}">${escapeXml(chapter.title || `${chapter.number}`)}</a></li>`
    const last = groups.at(-1)
    if (last !== undefined && last.part === chapter.part) last.items.push(item)
    else groups.push({ part: chapter.part, items: [item] })
  }
  const list = groups.map(({ part, items }) =>
    part === undefined
      ? items.join('\n')
      : `<li><span>${escapeXml(part)}</span><ol>\n${items.join('\n')}\n</ol></li>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
${htmlElement(plan)}
<head><title>${escapeXml(plan.title)}</title></head>
<body><nav epub:type="toc"><h1>${escapeXml(plan.title)}</h1><ol>
${list.join('\n')}
</ol></nav></body></html>
`
}

/** A chapter as XHTML, each of its segments a `span` with an id. */
function chapterPage(plan: EpubPlan, chapter: PlannedChapter): string {
  const byBlock = Map.groupBy(
    plannedSegments(chapter).map((segment, index) => ({
      segment,
      id: segmentElementId(chapter.number, index),
    })),
    ({ segment }) => segment.block,
  )
  const pictures = picturesOf(chapter, plan)
  let headings = 0
  const body = plannedBlocks(chapter).map((block, index) => {
    if (block.kind === 'heading') headings += 1
    const element = blockElement(block, sentences(block, byBlock.get(index) ?? []), headings)
    const before = pictures.get(`before ${index}`) ?? []
    return [...before, element, ...(pictures.get(`behind ${index}`) ?? [])].join('\n')
  })
  const matter = chapter.matter === 'body' ? 'bodymatter' : `${chapter.matter}matter`
  const section = chapter.matter === 'body' ? ' epub:type="chapter"' : ''
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
${htmlElement(plan)}
<head><title>${escapeXml(chapter.title || plan.title)}</title>
<link rel="stylesheet" type="text/css" href="book.css"/>
<link rel="stylesheet" type="text/css" href="nightjar/read-along.css"/></head>
<body epub:type="${matter}"><section${section}>
${body.join('\n')}
</section></body></html>
`
}

/** The `html` start tag of a page. */
function htmlElement({ language }: Pick<EpubPlan, 'language'>): string {
  const direction = /^(?:ar|dv|fa|he|ps|sd|ug|ur|yi)\b/.test(language) ? ' dir="rtl"' : ''
  return `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="${language}" xml:lang="${language}"${direction}>`
}

function blockElement({ kind }: Block, content: string, heading: number): string {
  if (kind === 'scene-break') return '<hr/>'
  if (kind === 'verse') return `<p class="verse">${content}</p>`
  if (kind === 'paragraph') return `<p>${content}</p>`
  return heading === 1 ? `<h1>${content}</h1>` : `<h2>${content}</h2>`
}

function sentences({ text }: Block, spoken: readonly { segment: Segment; id: string }[]): string {
  let content = ''
  let upTo = 0
  for (const { segment, id } of spoken) {
    content += `${lines(text.slice(upTo, segment.start))}<span id="${id}">${lines(text.slice(segment.start, segment.end))}</span>`
    upTo = segment.end
  }
  return content + lines(text.slice(upTo))
}

function lines(text: string): string {
  return escapeXml(text).replaceAll('\n', '<br/>\n')
}
