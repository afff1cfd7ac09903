import { createHash } from 'node:crypto'
import { v5 as uuidv5 } from 'uuid'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import type { SectionMark } from '../../novel/section-marks.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { element, type Markup, xmlDocument } from '../xml-writer.ts'

/** A complete chapter. */
export interface Episode extends Rendition {
  /** Size of its `.m4a`. */
  readonly bytes: number
}

export interface Podcast {
  readonly novel: NovelRow
  /** In reading order. */
  readonly episodes: readonly Episode[]
  readonly chapterCount: number
  /** Whether chapters were ever edited: then a number does not say for ever which chapter it is. */
  readonly edited: boolean
  /** The feed's URL without `.xml`: the prefix of every URL in the feed. */
  readonly address: string
  /** URL of the novel's page. */
  readonly page: string
  readonly hasCover: boolean
  /** ISO 8601. */
  readonly changedAt: string
}

/** The type of an `.m4a` in Apple's list of formats; other apps accept it as well. */
export const episodeType = 'audio/x-m4a'

export const transcriptType = 'text/vtt'

export const chaptersType = 'application/json+chapters'

/** Podcasting 2.0's namespace for `podcast:guid`. */
const guidNamespace = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/**
 * A novel as a podcast: RSS 2.0 with Apple's and Podcasting 2.0's extensions. The feed is private: `itunes:block` and
 * `podcast:locked` keep it out of directories and from being imported by other hosts.
 */
export async function renderPodcast(feed: Podcast): Promise<string> {
  const { novel, address, page, hasCover, changedAt } = feed
  const items = await itemsOf(feed)
  const { description } = metadataOf(novel)
  const cover = `${address}/cover`
  return xmlDocument(
    element(
      'rss',
      {
        version: '2.0',
        'xmlns:atom': 'http://www.w3.org/2005/Atom',
        'xmlns:itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd',
        'xmlns:podcast': 'https://podcastindex.org/namespace/1.0',
      },
      element(
        'channel',
        {},
        element('title', {}, novel.title),
        element('link', {}, page),
        element('atom:link', { rel: 'self', type: 'application/rss+xml', href: `${address}.xml` }),
        element('description', {}, description ?? titleLine(novel)),
        novel.language === 'und' ? undefined : element('language', {}, novel.language),
        element('generator', {}, 'Nightjar'),
        element('lastBuildDate', {}, new Date(changedAt).toUTCString()),
        hasCover
          ? element(
              'image',
              {},
              element('url', {}, cover),
              element('title', {}, novel.title),
              element('link', {}, page),
            )
          : undefined,
        hasCover ? element('itunes:image', { href: cover }) : undefined,
        element('itunes:author', {}, novel.author || 'Unknown'),
        element('itunes:category', { text: 'Arts' }, element('itunes:category', { text: 'Books' })),
        element('itunes:type', {}, 'serial'),
        element('itunes:explicit', {}, 'false'),
        element('itunes:block', {}, 'Yes'),
        element('podcast:locked', {}, 'yes'),
        // From the novel's id, not from the feed's URL as is usual: a new URL is the same podcast.
        element('podcast:guid', {}, uuidv5(novel.id, guidNamespace)),
        element('podcast:medium', {}, 'audiobook'),
        ...items,
      ),
    ),
  )
}

/** One millisecond of work between two yields to the event loop. */
const itemsPerYield = 25

async function itemsOf(feed: Podcast): Promise<Markup[]> {
  const items: Markup[] = []
  for (const episode of feed.episodes) {
    items.push(renderItem(feed, episode))
    if (items.length % itemsPerYield === 0) await yieldToEventLoop()
  }
  return items
}

/** To be raised when the same novel gives a different feed. */
const feedVersion = 1

/** Hash of everything that the feed contains except its URLs and date. */
export function podcastFingerprint({
  novel,
  episodes,
  chapterCount,
  hasCover,
}: Omit<Podcast, 'changedAt'>): string {
  const { id, title, author, language, metadata, createdAt } = novel
  const episodeKeys = episodes.map(({ chapter, casting, counts, bytes }) => {
    return [chapter.number, chapter.title, chapter.part, casting.id, counts.frames, bytes]
  })
  const whole = [
    feedVersion,
    id,
    title,
    author,
    language,
    metadata,
    createdAt,
    hasCover,
    chapterCount,
    episodeKeys,
  ]
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex')
}

function renderItem({ novel, chapterCount, edited, address, page }: Podcast, episode: Episode): Markup {
  const { chapter, casting, counts, bytes } = episode
  const name = edited ? `chapter-${chapter.id}` : chapter.number
  return element(
    'item',
    {},
    element('title', {}, chapter.title),
    element('link', {}, page),
    element('description', {}, chapter.part ?? titleLine(novel)),
    element('guid', { isPermaLink: 'false' }, `${novel.id}/${name}/${casting.id}`),
    element('pubDate', {}, publishedAt(novel, chapter.number, chapterCount).toUTCString()),
    element('enclosure', {
      url: `${address}/chapters/${chapter.number}.m4a`,
      length: bytes,
      type: episodeType,
    }),
    element('podcast:transcript', {
      url: `${address}/chapters/${chapter.number}.vtt`,
      type: transcriptType,
      ...(novel.language !== 'und' && { language: novel.language }),
    }),
    element('podcast:chapters', {
      url: `${address}/chapters/${chapter.number}.json`,
      type: chaptersType,
    }),
    element('itunes:title', {}, chapter.title),
    element('itunes:episode', {}, String(chapter.number)),
    element('itunes:episodeType', {}, 'full'),
    element('itunes:duration', {}, String(Math.ceil(framesToSeconds(counts.frames)))),
    element('itunes:explicit', {}, 'false'),
  )
}

/** The section marks of an episode in Podcasting 2.0's JSON Chapters Format 1.2; times are rounded to milliseconds. */
export function podcastChapters(marks: readonly SectionMark[]): string {
  const toMs = (seconds: number): number => Math.round(seconds * 1000) / 1000
  const chapters = marks.map(({ title, from, to }) => ({ startTime: toMs(from), endTime: toMs(to), title }))
  return JSON.stringify({ version: '1.2.0', chapters })
}

/**
 * Apps sort by date, and chapters may be completed out of order, so the date depends on the chapter number only: one
 * minute apart, the last at the time of the import. Never in the future, because some apps hide such episodes.
 */
function publishedAt({ createdAt }: NovelRow, number: number, chapterCount: number): Date {
  return new Date(Date.parse(createdAt) - (chapterCount - number) * 60_000)
}

function titleLine({ title, author }: NovelRow): string {
  return author === '' ? title : `${title}, by ${author}`
}
