import type { ChapterSelection } from '../listening/book-chapters.ts'
import { formatChapters } from '../novel/chapter-range.ts'
import { type BookQuery, longestList } from './export-contract.ts'
import { withQuery } from './with-query.ts'

/**
 * RFC 8288: the parts before and behind this one, and the last, whose number is how many there are. They are links to
 * the chapters that are ready now: parts that are fetched by them one after another fit together even if the novel
 * grows meanwhile.
 */
export function partLinks(
  address: string,
  query: BookQuery,
  { ready }: ChapterSelection,
  { number, of } = { number: 1, of: 1 },
): string {
  const readyChapters = formatChapters(ready.map(({ chapter }) => chapter.number))
  const linkQuery = readyChapters.length <= longestList ? { ...query, chapters: readyChapters } : query
  const link = (part: number, rel: string): string =>
    `<${withQuery(address, { ...linkQuery, part })}>; rel="${rel}"`
  return [
    ...(number > 1 ? [link(number - 1, 'prev')] : []),
    ...(number < of ? [link(number + 1, 'next')] : []),
    link(of, 'last'),
  ].join(', ')
}
