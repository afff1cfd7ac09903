import { z } from 'zod'
import { renderSVG } from 'uqr'
import { addFeed, feedOf, type FeedRow, removeFeed } from '../database/feeds.ts'
import type { Application } from '../generation/studio.ts'
import { requireNovel } from '../listening/rendition.ts'
import { Failure } from '../novel/failure.ts'
import { failure, novelParams } from './contract.ts'
import { fileResponse } from './documented-answers.ts'
import { feed, type Feed } from './feed-contract.ts'
import { publicBaseUrl } from './public-address.ts'
import type { ApiServer } from './door.ts'

const feedTags = ['feeds']
const oneFeed = z.object({ success: z.literal(true), feed })

/** The address of a novel's feed: made, shown, and taken away again. */
export function novelFeedRoutes(app: ApiServer, studio: Application): void {
  app.post(
    '/api/novels/:id/feed',
    {
      schema: {
        tags: feedTags,
        summary: 'Give a novel a secret podcast feed; asked again it is the same one',
        params: novelParams,
        response: { 201: oneFeed, 200: oneFeed, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const base = publicBaseUrl(request)
      // In turn with the removal of novels: a feed needs its novel.
      const added = await studio.requestMutex.run(async () => {
        await requireNovel(studio, id)
        const known = await feedOf(studio.db, id)
        if (!known) await addFeed(studio.db, id)
        return !known
      })
      const row = await requireFeed(studio, id)
      return reply.code(added ? 201 : 200).send({ success: true, feed: viewFeed(base, row) })
    },
  )

  app.get(
    '/api/novels/:id/feed',
    {
      schema: {
        tags: feedTags,
        summary: 'A novel’s podcast feed; null if it has none',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), feed: feed.nullable() }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const { id } = await requireNovel(studio, request.params.id)
      const row = await feedOf(studio.db, id)
      return { success: true as const, feed: row ? viewFeed(publicBaseUrl(request), row) : null }
    },
  )

  app.delete(
    '/api/novels/:id/feed',
    {
      schema: {
        tags: feedTags,
        summary: 'Revoke a novel’s podcast feed: its address answers 404 from now on',
        params: novelParams,
        response: { 200: z.object({ success: z.literal(true) }), '4xx': failure },
      },
    },
    async (request) => {
      const { id } = await requireNovel(studio, request.params.id)
      await removeFeed(studio.db, id)
      return { success: true as const }
    },
  )

  app.get(
    '/api/novels/:id/feed/qr.svg',
    {
      schema: {
        tags: feedTags,
        summary: 'The feed’s address as a QR code',
        params: novelParams,
        response: fileResponse('image/svg+xml'),
      },
    },
    async (request, reply) => {
      const { id } = await requireNovel(studio, request.params.id)
      const { address } = viewFeed(publicBaseUrl(request), await requireFeed(studio, id))
      // ISO/IEC 18004: four modules of quiet around it; level M for screens photographed at an angle.
      const code = renderSVG(address, { ecc: 'M', border: 4 })
      return reply.type('image/svg+xml').header('cache-control', 'private, no-store').send(code)
    },
  )
}

async function requireFeed({ db }: Application, novelId: string): Promise<FeedRow> {
  const row = await feedOf(db, novelId)
  if (!row) throw new Failure('feed.none')
  return row
}

function viewFeed(base: string, { token, createdAt }: FeedRow): Feed {
  return { address: `${base}/feeds/${token}.xml`, createdAt }
}
