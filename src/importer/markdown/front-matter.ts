import { languageTag } from '../book-language.ts'
import { cleanLine } from '../clean-text.ts'
import type { BookMetadata } from '../publication/book-metadata.ts'

/** Lines of front matter that are looked through for its end. */
const mostLines = 200
const entry = /^([\w-]{1,40})\s*:\s*(.*)$/
const item = /^\s*-\s+(.*)$/

/**
 * Where the front matter ends (`key: value` between lines of three hyphens, as Jekyll, Hugo, pandoc and Obsidian write
 * it): the index of the first line after it; 0 if there is none.
 */
export function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trim() !== '---') return 0
  const end = lines.slice(1, mostLines).findIndex((line) => /^(?:---|\.\.\.)\s*$/.test(line))
  if (end <= 0) return 0
  const inside = lines.slice(1, end + 1)
  const fits = inside.every((line) => line.trim() === '' || /^(?:[\w-]{1,40}\s*:|\s+\S|-\s|#)/.test(line))
  return fits && inside.some((line) => entry.test(line)) ? end + 2 : 0
}

/** Reads what front matter says of a book. Lists are joined; of nested values nothing is taken. */
export function readFrontMatter(lines: readonly string[]): BookMetadata {
  const values = new Map<string, string[]>()
  let open: string[] | undefined
  let isFolded = false
  for (const line of lines) {
    const [, key, value = ''] = entry.exec(line) ?? []
    if (key !== undefined) {
      open = []
      isFolded = /^[>|][+-]?\s*$/.test(value)
      if (!values.has(key.toLowerCase())) values.set(key.toLowerCase(), open)
      if (!isFolded) for (const each of listed(value)) open.push(each)
    } else if (open !== undefined && isFolded) open.push(line.trim())
    else if (open !== undefined) {
      const listItem = item.exec(line)?.[1]
      if (listItem !== undefined) for (const each of listed(listItem)) open.push(each)
    }
  }
  const text = (separator: string, ...keys: readonly string[]): string =>
    keys
      .map((key) => cleanLine((values.get(key) ?? []).filter((each) => each !== '').join(separator)))
      .find((value) => value !== '') ?? ''
  const description = text(' ', 'description', 'summary', 'abstract')
  const published = text(' ', 'date', 'published').replace(/[T ].*$/, '')
  const series = text(' ', 'series')
  const position = text(' ', 'series_index', 'series-index', 'volume')
  return {
    title: text(' ', 'title'),
    author: text(', ', 'author', 'authors', 'creator'),
    language: languageTag(text(' ', 'lang', 'language')),
    ...(description === '' ? {} : { description }),
    ...(published === '' ? {} : { published }),
    ...(series === '' ? {} : { series: { name: series, ...(position === '' ? {} : { position }) } }),
  }
}

/** The values of `a`, `"a"` or `[a, "b"]`. */
function listed(value: string): string[] {
  const inside = /^\[(.*)\]\s*$/.exec(value)?.[1]
  return (inside === undefined ? [value] : inside.split(',')).map(unquoted)
}

function unquoted(value: string): string {
  const text = value.trim()
  const quoted = /^"(.*)"$|^'(.*)'$/.exec(text)
  if (quoted?.[1] !== undefined) return quoted[1].replaceAll(/\\(["\\])/g, '$1')
  if (quoted?.[2] !== undefined) return quoted[2].replaceAll("''", "'")
  return text.replace(/\s#.*$/, '')
}
