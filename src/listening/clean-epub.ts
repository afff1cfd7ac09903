import { readFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { chapterPage } from './chapter-page.ts'
import { type EpubFile, type EpubPlan, type PlannedChapter, segmentId, segmentsOf } from './epub-plan.ts'
import { mimetype, spokenParts, textFile, type MediaOverlay } from './media-overlay.ts'
import { navPage } from './nav-page.ts'
import { packageDocument } from './package-document.ts'
import { readAlong } from './read-along-files.ts'

const packageFile = 'EPUB/package.opf'

const container = `<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="${packageFile}" media-type="application/oebps-package+xml"/>
</rootfiles></container>
`

const style = `body { line-height: 1.5; margin: 0 5%; }
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
export async function cleanEpub(plan: EpubPlan): Promise<EpubFile[]> {
  const pages = plan.chapters.map((chapter) => ({ chapter, path: pagePath(chapter) }))
  const along = readAlong(plan, packageFile, pages.flatMap(overlayOf))
  const cover = await coverFile(plan)
  return [
    mimetype,
    textFile('META-INF/container.xml', container),
    textFile(packageFile, packageDocument(plan, packageFile, pages, along, cover?.name)),
    textFile('EPUB/nav.xhtml', navPage(plan, 'EPUB/nav.xhtml', pages)),
    textFile('EPUB/book.css', style),
    ...(cover ? [cover] : []),
    ...pages.map(({ chapter, path }) => textFile(path, chapterPage(plan, chapter))),
    ...along.files,
  ]
}

function overlayOf({ chapter, path }: { chapter: PlannedChapter; path: string }): MediaOverlay[] {
  const { times, number } = chapter
  if (times === undefined) return []
  const parts = segmentsOf(chapter).flatMap((_, index) =>
    spokenParts(number, [{ id: segmentId(number, index), share: 1 }], {
      from: times[index] ?? 0,
      to: times[index + 1] ?? 0,
    }),
  )
  return parts.length === 0 ? [] : [{ document: path, parts }]
}

async function coverFile({ cover }: EpubPlan): Promise<(EpubFile & { readonly name: string }) | undefined> {
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
