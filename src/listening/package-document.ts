import type { EpubPlan, PlannedChapter } from './epub-plan.ts'
import { manifestItems, metadataElements, type OverlayFiles } from './read-along-files.ts'
import { relativeHref, escapeXml } from './xml-text.ts'

/** The package document of a book that is made of the novel's blocks. */
export function packageDocument(
  plan: EpubPlan,
  path: string,
  pages: readonly { readonly chapter: PlannedChapter; readonly path: string }[],
  overlayFiles: OverlayFiles,
  cover: string | undefined,
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
${cover === undefined || plan.cover === undefined ? '' : `<item id="cover" href="${relativeHref(path, cover)}" media-type="${plan.cover.mediaType}" properties="cover-image"/>\n`}${items.join('\n')}
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
