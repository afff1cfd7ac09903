import { createReadStream } from 'node:fs'
import type { z } from 'zod'
import { feedByToken, type FeedRow, noteFeedContent } from '../database/feeds.ts'
import type { NovelRow } from '../database/novels.ts'
import type { Application } from '../generation/studio.ts'
import { yieldToEventLoop } from '../generation/turns.ts'
import { coverPath } from '../library/folder.ts'
import { chapterBytes, type ChapterLayoutCache, chapterAudio } from '../listening/chapter-audio.ts'
import { chapterMarks } from '../listening/chapter-marks.ts'
import { defaultRenditions } from '../listening/own-renditions.ts'
import { isComplete, requireNovel, type Rendition, findRendition } from '../listening/rendition.ts'
import { chapterSubtitles } from '../listening/subtitles.ts'
import { Failure } from '../novel/failure.ts'
import { fileResponse, rangeFileResponse, taggedFileResponse } from './documented-answers.ts'
import { feedChapterParams, feedParams } from './feed-contract.ts'
import {
  chaptersType,
  type Episode,
  episodeType,
  podcastFingerprint,
  renderPodcast,
  podcastChapters,
  transcriptType,
} from './podcast.ts'
import { publicBaseUrl } from './public-address.ts'
import { sendFile } from './computed-file.ts'
import { sendDocument } from './send-document.ts'
import type { ApiServer } from './door.ts'

const tags = ['feeds']
/** A millisecond's work, then others have their turn. */
const episodesPerYield = 100

/** What a podcast app asks for. It knows the secret address and has no other right, so all lies below that. */
export function feedRoutes(app: ApiServer, studio: Application, layouts: ChapterLayoutCache): void {
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
      const { feed, novel } = await knownFeed(studio, request.params.token)
      const base = publicBaseUrl(request)
      const renditions = await defaultRenditions(studio, novel)
      const episodes: Episode[] = []
      for (const rendition of renditions.filter(isComplete)) {
        episodes.push({ ...rendition, bytes: chapterBytes(studio, rendition) })
        if (episodes.length % episodesPerYield === 0) await yieldToEventLoop()
      }
      const content = {
        novel,
        episodes,
        chapterCount: renditions.length,
        address: `${base}/feeds/${feed.token}`,
        page: `${base}/novels/${novel.id}`,
        hasCover: podcastCover(novel) !== undefined,
      }
      const changedAt = await noteFeedContent(studio.db, feed, podcastFingerprint(content))
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
      const audio = await chapterAudio(studio, layouts, await episodeOf(studio, request.params))
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
      const rendition = await episodeOf(studio, request.params)
      const text = await chapterSubtitles(studio, rendition, 'vtt')
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
      const rendition = await episodeOf(studio, request.params)
      const text = podcastChapters(await chapterMarks(studio, rendition))
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
      const { novel } = await knownFeed(studio, request.params.token)
      const type = podcastCover(novel)
      if (type === undefined) throw new Failure('novel.no-cover')
      reply.type(type).header('cache-control', 'private, max-age=86400')
      return reply.send(createReadStream(coverPath(studio.folder, novel.id)))
    },
  )
}

/** Throws `feed.unknown`. */
async function knownFeed(studio: Application, token: string): Promise<{ feed: FeedRow; novel: NovelRow }> {
  const feed = await feedByToken(studio.db, token)
  if (!feed) throw new Failure('feed.unknown')
  return { feed, novel: await requireNovel(studio, feed.novelId) }
}

/** Throws `feed.unknown`, `chapter.unknown`. */
async function episodeOf(
  studio: Application,
  { token, number }: z.infer<typeof feedChapterParams>,
): Promise<Rendition> {
  const { novel } = await knownFeed(studio, token)
  return findRendition(studio, novel.id, number)
}

/** Podcast apps show JPEG and PNG and nothing else. */
function podcastCover({ coverType }: NovelRow): string | undefined {
  return coverType === 'image/jpeg' || coverType === 'image/png' ? coverType : undefined
}
