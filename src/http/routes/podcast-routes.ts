import type { FastifyRequest } from 'fastify'
import { renderSVG } from 'uqr'
import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import {
  chaptersType,
  type Episode,
  episodeType,
  podcastChapters,
  podcastFingerprint,
  renderPodcast,
  transcriptType,
} from '../../exports/podcast/podcast-feed.ts'
import { chapterSubtitles } from '../../exports/subtitles/subtitle-export.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import { Failure } from '../../novel/failure.ts'
import {
  chapterAudio,
  chapterBytes,
  type ChapterLayoutCache,
  type ChapterSound,
} from '../../playback/chapter-audio.ts'
import { chapterMarks } from '../../playback/chapter-timeline.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { defaultRenditions, findRendition, isComplete, type Rendition } from '../../playback/renditions.ts'
import { coverKey } from '../../storage/object-keys.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { hasEdits } from '../../storage/queries/edit-history-queries.ts'
import {
  addFeed,
  feedByToken,
  feedOf,
  type FeedOwner,
  type FeedRow,
  noteFeedContent,
} from '../../storage/queries/export-queries.ts'
import { sees } from '../../storage/queries/kept-novel-queries.ts'
import { novelById, type NovelRow } from '../../storage/queries/novel-queries.ts'
import { feedSubject, removeForNow } from '../../storage/queries/removal-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams, removal } from '../contract/field-contract.ts'
import { feed, type Feed, feedChapterParams, feedParams } from '../contract/export-contract.ts'
import { sendDocument } from '../protocol/conditional-requests.ts'
import { sendFile } from '../protocol/file-response.ts'
import { fileResponse, rangeFileResponse, taggedFileResponse } from '../protocol/openapi.ts'
import { publicBaseUrl } from '../protocol/public-urls.ts'

const tags = ['feeds']
const oneFeed = z.object({ success: z.literal(true), feed })
/** One millisecond of work between two yields to the event loop. */
const episodesPerYield = 100

/** Who asks, and for what. */
type FeedRequest<Params extends z.ZodType> = Pick<FastifyRequest, 'caller'> & {
  readonly params: z.infer<Params>
}

interface FeedSources extends ChapterSound {
  readonly objects: ObjectStore
}

/** Creates, shows and revokes the secret address of a novel's feed, of who asks. */
export function novelFeedRoutes(app: ApiServer, context: Pick<FeedSources, 'db'>): void {
  app.post(
    '/api/novels/:id/feed',
    {
      schema: {
        tags,
        summary: 'Give who asks a secret podcast feed of a novel; asked again it is the same one',
        params: novelParams,
        response: { 201: oneFeed, 200: oneFeed, '4xx': failure },
      },
    },
    async (request, reply) => {
      const base = publicBaseUrl(request)
      const owner = await feedOwner(context, request)
      const added = await addFeed(context.db, owner)
      const row = await requireFeed(context, owner)
      return reply.code(added ? 201 : 200).send({ success: true, feed: viewFeed(base, row) })
    },
  )

  app.get(
    '/api/novels/:id/feed',
    {
      schema: {
        tags,
        summary: 'The podcast feed of a novel that who asks has; null: none',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), feed: feed.nullable() }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const row = await feedOf(context.db, await feedOwner(context, request))
      return { success: true as const, feed: row ? viewFeed(publicBaseUrl(request), row) : null }
    },
  )

  app.delete(
    '/api/novels/:id/feed',
    {
      schema: {
        tags,
        summary: 'Revoke the podcast feed of who asks: its address answers 404 from now on',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true), removal }), '4xx': failure },
      },
    },
    async (request) => {
      const subject = feedSubject(await feedOwner(context, request))
      const undo = await removeForNow(context.db, 'feed', subject)
      return { success: true as const, ...(undo !== undefined && { removal: undo }) }
    },
  )

  app.get(
    '/api/novels/:id/feed/qr.svg',
    {
      schema: {
        tags,
        summary: 'The feed’s address as a QR code',
        params: novelParams,
        response: fileResponse('image/svg+xml'),
      },
    },
    async (request, reply) => {
      const row = await requireFeed(context, await feedOwner(context, request))
      const { address } = viewFeed(publicBaseUrl(request), row)
      // ISO/IEC 18004: quiet zone of 4 modules; error correction level M for screens photographed at an angle.
      const code = renderSVG(address, { ecc: 'M', border: 4 })
      return reply.type('image/svg+xml').header('cache-control', 'private, no-store').send(code)
    },
  )
}

/** Throws `novel.unknown`. */
async function feedOwner(
  context: Pick<FeedSources, 'db'>,
  request: FeedRequest<typeof novelParams>,
): Promise<FeedOwner> {
  const { id: novelId } = await requireNovel(context, request.params.id)
  return { listener: listenerOf(request), novelId }
}

async function requireFeed({ db }: Pick<FeedSources, 'db'>, owner: FeedOwner): Promise<FeedRow> {
  const row = await feedOf(db, owner)
  if (!row) throw new Failure('feed.none')
  return row
}

function viewFeed(base: string, { token, createdAt }: FeedRow): Feed {
  return { address: `${base}/feeds/${token}.xml`, createdAt }
}

/** The routes of podcast apps. They have no right but the secret address, so every URL of a feed is below it. */
export function feedRoutes(app: ApiServer, context: FeedSources, layouts: ChapterLayoutCache): void {
  app.get(
    '/feeds/:token.xml',
    {
      schema: {
        tags,
        summary: 'A novel as a podcast: its finished chapters',
        params: feedParams,
        response: taggedFileResponse('application/rss+xml'),
      },
    },
    async (request, reply) => {
      const { feed, novel } = await knownFeed(context, request)
      const base = publicBaseUrl(request)
      const renditions = await defaultRenditions(context, novel)
      const episodes: Episode[] = []
      for (const rendition of renditions.filter(isComplete)) {
        episodes.push({ ...rendition, bytes: chapterBytes(context, rendition) })
        if (episodes.length % episodesPerYield === 0) await yieldToEventLoop()
      }
      const content = {
        novel,
        episodes,
        chapterCount: renditions.length,
        edited: await hasEdits(context.db, novel.id),
        address: `${base}/feeds/${feed.token}`,
        page: `${base}/novels/${novel.id}`,
        hasCover: podcastCover(novel) !== undefined,
      }
      const changedAt = await noteFeedContent(context.db, feed, podcastFingerprint(content))
      const type = 'application/rss+xml; charset=utf-8'
      return sendDocument(request, reply, type, await renderPodcast({ ...content, changedAt }), changedAt)
    },
  )

  app.route({
    method: ['GET', 'HEAD'],
    url: '/feeds/:token/chapters/:number.m4a',
    schema: {
      tags,
      summary: 'An episode; Range and If-Range',
      params: feedChapterParams,
      response: rangeFileResponse(episodeType),
    },
    handler: async (request, reply) => {
      const audio = await chapterAudio(context, layouts, await episodeOf(context, request))
      return sendFile(request, reply, episodeType, audio)
    },
  })

  app.get(
    '/feeds/:token/chapters/:number.vtt',
    {
      schema: {
        tags,
        summary: 'What is said in an episode: WebVTT',
        params: feedChapterParams,
        response: taggedFileResponse(transcriptType),
      },
    },
    async (request, reply) => {
      const rendition = await episodeOf(context, request)
      const text = await chapterSubtitles(context, rendition, 'vtt')
      return sendDocument(request, reply, `${transcriptType}; charset=utf-8`, text)
    },
  )

  app.get(
    '/feeds/:token/chapters/:number.json',
    {
      schema: {
        tags,
        summary: 'The sections of an episode: JSON chapters',
        params: feedChapterParams,
        response: taggedFileResponse(chaptersType),
      },
    },
    async (request, reply) => {
      const rendition = await episodeOf(context, request)
      const text = podcastChapters(await chapterMarks(context, rendition))
      return sendDocument(request, reply, `${chaptersType}; charset=utf-8`, text)
    },
  )

  app.get(
    '/feeds/:token/cover',
    {
      schema: {
        tags,
        summary: 'The podcast’s image: JPEG or PNG',
        params: feedParams,
        response: fileResponse('image/jpeg', 'image/png'),
      },
    },
    async (request, reply) => {
      const { novel } = await knownFeed(context, request)
      const type = podcastCover(novel)
      const cover = type === undefined ? undefined : await context.objects.get(coverKey(novel.id))
      if (!cover) throw new Failure('novel.no-cover')
      reply.type(type ?? '').header('cache-control', 'private, max-age=86400')
      return reply.send(cover.body)
    },
  )
}

/** Throws `feed.unknown`, also if who has the feed may not come in, or not see the novel, any more. */
async function knownFeed(
  context: Pick<FeedSources, 'db'>,
  { caller, params }: FeedRequest<typeof feedParams>,
): Promise<{ feed: FeedRow; novel: NovelRow }> {
  const feed = await feedByToken(context.db, params.token)
  const novel = feed && (await novelById(context.db, feed.novelId))
  if (!novel) throw new Failure('feed.unknown')
  const mayHear = feed.disabledAt === null && sees(feed.listener, novel.keeper)
  if (caller.kind !== 'open' && !mayHear) throw new Failure('feed.unknown')
  return { feed, novel }
}

/** Throws `feed.unknown`, `chapter.unknown`. */
async function episodeOf(
  context: FeedSources,
  request: FeedRequest<typeof feedChapterParams>,
): Promise<Rendition> {
  const { novel } = await knownFeed(context, request)
  return findRendition(context, novel.id, request.params.number)
}

/** The cover's media type; `undefined` unless it is JPEG or PNG, the only types that podcast apps show. */
function podcastCover({ coverType }: NovelRow): string | undefined {
  return coverType === 'image/jpeg' || coverType === 'image/png' ? coverType : undefined
}
