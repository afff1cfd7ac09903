import type { GutenbergFrame } from './gutenberg-frame.ts'
import { titleFromFileName } from './title.ts'

/** Lines at the top that may tell who wrote what. */
const topLines = 40

/**
 * A text's title and author: from Project Gutenberg's header, from labelled lines, from 《…》 at the top, from two short
 * lines "Title" and "by Author", else from the file's name. Never a line of prose.
 */
export function textMetadata(
  lines: readonly string[],
  frame: GutenbergFrame | undefined,
  fileName: string,
): { title: string; author: string } {
  const top = lines
    .slice(0, topLines)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const name = titleFromFileName(fileName)
  const byline = titleAndByline(top)
  const title =
    frame?.title ??
    labelled(
      top,
      /^(?:title|书名|書名|作品名|tên truyện|tên sách|titre|titel|título|titolo|название)\s*[:：]\s*(.{1,120})$/i,
    ) ??
    quoted(top[0] ?? '') ??
    byline?.title ??
    quoted(name) ??
    name
  const author =
    frame?.author ??
    labelled(
      top,
      /^(?:author|作者|著者|tác giả|auteur|autor|autore|автор|지은이|저자)\s*[:：]\s*(.{1,80})$/i,
    ) ??
    /[》】\s]\s*作者[:：]\s*(\S{1,30})/.exec(top[0] ?? '')?.[1] ??
    /作者[:：]\s*(\S{1,30})/.exec(name)?.[1] ??
    byline?.author ??
    ''
  return { title: clean(title), author: clean(author) }
}

function labelled(top: readonly string[], pattern: RegExp): string | undefined {
  for (const line of top) {
    const value = pattern.exec(line)?.[1]?.trim()
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** 《西游记》 at the start of a line. */
function quoted(line: string): string | undefined {
  return /^[《『【]([^》』】]{1,60})[》』】]/.exec(line)?.[1]?.trim()
}

function titleAndByline(top: readonly string[]): { title: string; author: string } | undefined {
  const [first = '', second = ''] = top
  const author = /^(?:by|von|par|di|por|de|của|автор)\s+(\p{Lu}[^.!?]{2,60}\.?)$/iu.exec(second)?.[1]
  return author !== undefined && first.length <= 80 && !/[.!?…]$/.test(first)
    ? { title: first, author }
    : undefined
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().normalize('NFC')
}
