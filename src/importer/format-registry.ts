import type { HeadingRule } from '../novel/heading-rule.ts'
import type { Chapter } from '../novel/novel.ts'
import type { BookFormat, FileSigns } from './book-format.ts'
import type { TracedBlock } from './clean-text.ts'
import { isFb2 } from './fb2/fb2-signs.ts'
import { isHtml } from './html/html-signs.ts'
import { isMarkdownFile } from './markdown/markdown-signs.ts'
import { isMobi } from './mobi/mobi-signs.ts'
import { isDocx, isOdt } from './office/office-signs.ts'
import { isPdf } from './pdf/pdf-signs.ts'
import { isRtf } from './rtf/rtf-signs.ts'
import { readSigns } from './file-signs.ts'
import { foreignFormat, isZip } from './foreign-formats.ts'

/**
 * The formats that are known by their first bytes, or by the files in a zip. A reader's modules load on demand: an import takes a second, and
 * loading all of them took a twentieth of it.
 */
const markedFormats: readonly BookFormat[] = [
  {
    name: 'fb2',
    matches: isFb2,
    read: async (path, fileName) => (await import('./fb2/fb2-format.ts')).readFb2(path, fileName),
  },
  {
    name: 'mobi',
    matches: isMobi,
    read: async (path, fileName) => (await import('./mobi/mobi-format.ts')).readMobi(path, fileName),
  },
  {
    name: 'pdf',
    matches: isPdf,
    read: async (path, fileName) => (await import('./pdf/pdf-format.ts')).readPdf(path, fileName),
  },
  {
    name: 'docx',
    matches: isDocx,
    read: async (path, fileName) => (await import('./office/docx-format.ts')).readDocx(path, fileName),
  },
  {
    name: 'odt',
    matches: isOdt,
    read: async (path, fileName) => (await import('./office/odt-format.ts')).readOdt(path, fileName),
  },
  {
    name: 'rtf',
    matches: isRtf,
    read: async (path, fileName) => (await import('./rtf/rtf-format.ts')).readRtf(path, fileName),
  },
  {
    name: 'html',
    matches: isHtml,
    read: async (path, fileName) => (await import('./html/html-format.ts')).readHtml(path, fileName),
  },
]

const epub: BookFormat = {
  name: 'epub',
  // Every other zip too: of those that are no EPUB the reader says what they are.
  matches: (file) => isZip(file.head) && !markedFormats.some((format) => format.matches(file)),
  read: async (path, fileName) => (await import('./epub/epub-format.ts')).readEpub(path, fileName),
  trace: async (path) => (await import('./epub/epub-format.ts')).traceEpub(path),
}

/** A text that has Markdown's marks. */
const markdown: BookFormat = {
  name: 'markdown',
  matches: (file) => !markedFormats.some((format) => format.matches(file)) && isMarkdownFile(file),
  read: async (path, fileName, rule) =>
    (await import('./markdown/markdown-format.ts')).readMarkdown(path, fileName, rule),
  async *readByRules(path, fileName) {
    yield* (await import('./markdown/markdown-format.ts')).markdownByRules(path, fileName)
  },
}

/** What is left. */
const plainText: BookFormat = {
  name: 'text',
  matches: (file) =>
    foreignFormat(file.head) === undefined &&
    !isZip(file.head) &&
    !markedFormats.some((format) => format.matches(file)) &&
    !markdown.matches(file),
  read: async (path, fileName, rule) =>
    (await import('./text/text-format.ts')).readPlainText(path, fileName, rule),
  async *readByRules(path, fileName) {
    yield* (await import('./text/text-format.ts')).readByRules(path, fileName)
  },
}

/** The formats that can be imported. */
export const bookFormats: readonly BookFormat[] = [...markedFormats, epub, markdown, plainText]

/** The format of a file, by its content and never by its name; `undefined` if there is none. */
export function formatOf(file: FileSigns): BookFormat | undefined {
  return bookFormats.find((format) => format.matches(file))
}

/** `BookFormat.trace` of a file of that format; `undefined` if the format has none. */
export async function traceBook(
  path: string,
  format: BookFormat['name'],
): Promise<readonly (readonly TracedBlock[])[] | undefined> {
  return bookFormats.find(({ name }) => name === format)?.trace?.(path)
}

/** `BookFormat.readByRules` of a file; of one in a format without, nothing. */
export async function* readByRules(
  path: string,
  fileName: string,
): AsyncGenerator<readonly [HeadingRule, readonly Chapter[]]> {
  const rules = formatOf(await readSigns(path))?.readByRules?.(path, fileName)
  if (rules) yield* rules
}
