import type { FileSigns } from '../book-format.ts'
import { markupStart } from '../foreign-formats.ts'

/** Whether a file is a FictionBook, or a zip with one in it and no other book. */
export function isFb2({ head, names }: FileSigns): boolean {
  if (names === undefined) return /<(?:\w+:)?FictionBook\b/i.test(markupStart(head))
  return fb2In(names) !== undefined && !names.includes('META-INF/container.xml')
}

/** The path of the FictionBook among those of a zip. */
export function fb2In(names: readonly string[]): string | undefined {
  return names.find((name) => /\.fb2$/i.test(name) && !name.startsWith('__MACOSX/'))
}
