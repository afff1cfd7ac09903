import type { FileSigns } from '../book-format.ts'
import { markupStart } from '../foreign-formats.ts'

const webPage = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*(?:<!doctype\s+html|<html\b)/i

/** Files that another format's reader takes. */
const otherBook = /(?:^META-INF\/container\.xml|\.opf|\.fb2|^word\/document\.xml|^content\.xml)$/i

/** Whether a file is a web page, or a zip of web pages and no other book. */
export function isHtml({ head, names }: FileSigns): boolean {
  if (names === undefined) return webPage.test(markupStart(head))
  return pagesIn(names).length > 0 && !names.some((name) => otherBook.test(name))
}

/** The pages among the paths of a zip, without those that a browser saves beside a page. */
export function pagesIn(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      /\.x?html?$/i.test(name) &&
      !/^__MACOSX\/|(?:^|\/)[^/]+[_-](?:files|Dateien|fichiers|archivos)\//.test(name),
  )
}
