interface FormatDescription {
  /** For sentences. */
  readonly title: string
  readonly mediaType: string
  /** Of files, in lower case, the usual one first. */
  readonly endings: readonly [string, ...string[]]
}

/** The formats that a novel can be imported from; `src/importer/format-registry.ts` has their readers. */
export const sourceFormats = {
  epub: { title: 'EPUB', mediaType: 'application/epub+zip', endings: ['.epub'] },
  fb2: { title: 'FB2', mediaType: 'application/x-fictionbook+xml', endings: ['.fb2', '.fb2.zip', '.fbz'] },
  mobi: {
    title: 'MOBI',
    mediaType: 'application/x-mobipocket-ebook',
    endings: ['.mobi', '.azw3', '.azw', '.prc'],
  },
  pdf: { title: 'PDF', mediaType: 'application/pdf', endings: ['.pdf'] },
  docx: {
    title: 'Word',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    endings: ['.docx'],
  },
  odt: { title: 'OpenDocument', mediaType: 'application/vnd.oasis.opendocument.text', endings: ['.odt'] },
  rtf: { title: 'RTF', mediaType: 'application/rtf', endings: ['.rtf'] },
  html: { title: 'HTML', mediaType: 'text/html', endings: ['.html', '.htm', '.xhtml'] },
  markdown: { title: 'Markdown', mediaType: 'text/markdown', endings: ['.md', '.markdown'] },
  // Without a charset: a text file may be in any.
  text: { title: 'plain text', mediaType: 'text/plain', endings: ['.txt', '.text'] },
} as const satisfies Readonly<Record<string, FormatDescription>>

export type SourceFormat = keyof typeof sourceFormats

export const sourceFormatNames = Object.keys(sourceFormats) as [SourceFormat, ...SourceFormat[]]

/** `EPUB and plain text`. */
export const readableFormats = new Intl.ListFormat('en').format(
  sourceFormatNames.map((name) => sourceFormats[name].title),
)

/** By the ending of a file's name; text if it is none of them. For guesses only: what a file is, its bytes say. */
export function formatByName(fileName: string): SourceFormat {
  const name = fileName.toLowerCase()
  const has = (format: SourceFormat): boolean =>
    sourceFormats[format].endings.some((ending) => name.endsWith(ending))
  return sourceFormatNames.find(has) ?? 'text'
}
