import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { chapterPage } from './chapter-page.ts'
import { type EpubEntry, type EpubPlan, type PlannedChapter, segmentElementId, plannedSegments } from './epub-plan.ts'
import { mimetypeEntry, overlayParts, deflatedEntry, type MediaOverlay } from './media-overlay.ts'
import { navPage } from './nav-page.ts'
import { packageDocument } from './package-document.ts'
import { buildOverlayFiles } from './read-along-files.ts'

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
hr { border: 0; border-top: 1px solid; margin: 1.5em auto; width: 20%; }
`

/** The path of a chapter's page. */
function pagePath({ number }: PlannedChapter): string {
  return `EPUB/chapter-${String(number).padStart(3, '0')}.xhtml`
}

/** A book made of the novel's blocks alone: a page for each chapter, contents, cover, and the sound of what is spoken. */
export async function generateEpub(plan: EpubPlan): Promise<EpubEntry[]> {
  const pages = plan.chapters.map((chapter) => ({ chapter, path: pagePath(chapter) }))
  const overlayFiles = buildOverlayFiles(plan, packagePath, pages.flatMap(overlayOf))
  const cover = await coverEntry(plan)
  return [
    mimetypeEntry,
    deflatedEntry('META-INF/container.xml', containerXml),
    deflatedEntry(packagePath, packageDocument(plan, packagePath, pages, overlayFiles, cover?.name)),
    deflatedEntry('EPUB/nav.xhtml', navPage(plan, 'EPUB/nav.xhtml', pages)),
    deflatedEntry('EPUB/book.css', stylesheet),
    ...(cover ? [cover] : []),
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
