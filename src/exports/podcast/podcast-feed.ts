import { createHash } from 'node:crypto'
import { v5 as uuidv5 } from 'uuid'
import { metadataOf, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { Rendition } from '../../playback/renditions.ts'
import { framesToSeconds } from '../../novel/clip.ts'
import type { SectionMark } from '../../novel/section-marks.ts'
import { element, type Markup, xmlDocument } from '../xml-writer.ts'

/** A finished chapter. */
export interface Episode extends Rendition {
  /** Of its `.m4a`. */
  readonly bytes: number
}

export interface Podcast {
  readonly novel: NovelRow
  /** In reading order. */
  readonly episodes: readonly Episode[]
  readonly chapterCount: number
  /** The feed's own address without `.xml`: everything that the feed names lies below it. */
  readonly address: string
  /** The page of the novel. */
  readonly page: string
  readonly hasCover: boolean
  /** ISO 8601. */
  readonly changedAt: string
}

/** What Apple's list of formats calls an `.m4a`; other apps take it as well. */
export const episodeType = 'audio/x-m4a'

export const transcriptType = 'text/vtt'

export const chaptersType = 'application/json+chapters'

/** Podcasting 2.0's namespace for `podcast:guid`. */
const guidNamespace = 'ead4c236-bf58-58c6-a2c6-a6b28d128cb6'

/**
 * A novel as a podcast: RSS 2.0 with Apple's and Podcasting 2.0's additions. It is private, so it asks directories not
 * to list it and hosts not to take it over.
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
        // Made from the novel, not from the address as usual: a new address is the same podcast.
        element('podcast:guid', {}, uuidv5(novel.id, guidNamespace)),
        element('podcast:medium', {}, 'audiobook'),
        ...items,
      ),
    ),
  )
}

/** A millisecond's work, then others have their turn: a novel may have thousands of chapters. */
const itemsPerYield = 25

async function itemsOf(feed: Podcast): Promise<Markup[]> {
  const items: Markup[] = []
  for (const episode of feed.episodes) {
    items.push(renderItem(feed, episode))
    if (items.length % itemsPerYield === 0) await yieldToEventLoop()
  }
  return items
}

/** Another one whenever the feed tells something else, whatever address it is asked for at. */
export function podcastFingerprint({
  novel,
  episodes,
  chapterCount,
  hasCover,
}: Omit<Podcast, 'changedAt'>): string {
  const { id, title, author, language, metadata, createdAt } = novel
  const episodeKeys = episodes.map(({ chapter, recipe, counts, bytes }) => {
    return [chapter.number, chapter.title, chapter.part, recipe, counts.frames, bytes]
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

/** Raised when the same novel is told of in another way. */
const feedVersion = 1

function renderItem({ novel, chapterCount, address, page }: Podcast, episode: Episode): Markup {
  const { chapter, recipe, counts, bytes } = episode
  return element(
    'item',
    {},
    element('title', {}, chapter.title),
    element('link', {}, page),
    element('description', {}, chapter.part ?? titleLine(novel)),
    element('guid', { isPermaLink: 'false' }, `${novel.id}/${chapter.number}/${recipe}`),
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

/** What Podcasting 2.0 calls an episode's chapters, its "JSON Chapters Format" 1.2: the marks, to the millisecond. */
export function podcastChapters(marks: readonly SectionMark[]): string {
  const toMs = (seconds: number): number => Math.round(seconds * 1000) / 1000
  const chapters = marks.map(({ title, from, to }) => ({ startTime: toMs(from), endTime: toMs(to), title }))
  return JSON.stringify({ version: '1.2.0', chapters })
}

/**
 * Apps sort by date, and chapters may be spoken out of order: so each chapter has its date from the beginning, a minute
 * after the one before it, the last when the novel came in. None lies in the future, which some apps would hide.
 */
function publishedAt({ createdAt }: NovelRow, number: number, chapterCount: number): Date {
  return new Date(Date.parse(createdAt) - (chapterCount - number) * 60_000)
}

function titleLine({ title, author }: NovelRow): string {
  return author === '' ? title : `${title}, by ${author}`
}
