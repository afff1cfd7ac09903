import type { GutenbergFrame } from '../gutenberg-frame.ts'
import { readHeadingLine } from '../headings/heading-line.ts'
import { titleFromFileName, looksLikeTitle } from '../title-text.ts'

/** Lines at the top that are searched for title and author. */
const topLines = 40

/**
 * Finds a text's title and author: in Project Gutenberg's header, in labelled lines, in 《…》 at the top, in a line at
 * the top that stands alone and is not a sentence, else in the file name. The author is also read from a line “by
 * Author”.
 */
export function textMetadata(
  lines: readonly string[],
  frame: GutenbergFrame | undefined,
  fileName: string,
): { title: string; author: string } {
  const head = lines.slice(firstFilled(lines)).slice(0, topLines)
  const top = head.map((line) => line.trim()).filter((line) => line !== '')
  const name = titleFromFileName(fileName)
  const title =
    frame?.title ??
    labelled(
      top,
      /^(?:title|书名|書名|作品名|tên truyện|tên sách|titre|titel|título|titolo|название)\s*[:：]\s*(.{1,120})$/i,
    ) ??
    quoted(top[0] ?? '') ??
    firstLine(head) ??
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
    byline(top) ??
    ''
  return { title: clean(title), author: clean(author) }
}

function firstFilled(lines: readonly string[]): number {
  return Math.max(
    lines.findIndex((line) => line.trim() !== ''),
    0,
  )
}

function labelled(top: readonly string[], pattern: RegExp): string | undefined {
  for (const line of top) {
    if (line.length > 300) continue
    const value = pattern.exec(line)?.[1]?.trim()
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** Reads 《西游记》 at the start of a line. */
function quoted(line: string): string | undefined {
  const value = /^[《『【]([^》』】]{1,60})[》』】]/.exec(line.slice(0, 100))?.[1]?.trim()
  return value === undefined || readHeadingLine(value) !== undefined ? undefined : value
}

/** The first line, if it stands alone or above a byline. */
function firstLine(head: readonly string[]): string | undefined {
  const [first = '', second = ''] = head.map((line) => line.trim())
  if (first.length > 200) return undefined
  const title = first.replace(/^#\s+/, '').replaceAll(/^[*_=~\s]+|[*_=~\s]+$/g, '')
  if (second !== '' && !isByline(second) && readHeadingLine(second) === undefined) return undefined
  const bare = title === title.toUpperCase() ? title.replace(/[.;:,]$/, '') : title
  return looksLikeTitle(bare) && readHeadingLine(bare) === undefined ? bare : undefined
}

const bylineBeginning =
  /^(?:(?:a (?:novel|romance|tale|story) )?by|written by|von|par|di|por|de|của|автор)\s+(\p{Lu}[^!?;]{1,60})$/iu

function isByline(line: string): boolean {
  return byline([line, line]) !== undefined
}

/** Reads `by Anna Bell` on one of the first lines, or `by` and the name on two. */
function byline(top: readonly string[]): string | undefined {
  for (const [index, line] of top.slice(0, 6).entries()) {
    if (line.length > 80 || index === 0) continue
    const name =
      bylineBeginning.exec(line)?.[1] ?? (/^_?by_?$/i.test(top[index - 1] ?? '') ? line : undefined)
    // A name, not a sentence: a name with a final full stop has another one before it (J. R. Smith Jr.).
    if (
      name !== undefined &&
      /^\p{Lu}/u.test(name) &&
      !/\p{Ll}{3,}\.$/u.test(name) &&
      name.split(' ').length <= 6
    )
      return name.replace(/,$/, '')
  }
  return undefined
}

function clean(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .normalize('NFC')
}
