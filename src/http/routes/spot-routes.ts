import {
  canTakeBack,
  requireSpot,
  type RetakeContext,
  retakeSpot,
  takeBack,
} from '../../jobs/ear/retake-spot.ts'
import type { Application } from '../../jobs/application.ts'
import { type ClipKey, framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import type { Segment } from '../../novel/segment.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { clipFile } from '../../playback/text-to-speech/text-to-speech.ts'
import { voicesOfNovel } from '../../storage/queries/cast-queries.ts'
import { segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { settleSpot, spotsOfNovel } from '../../storage/queries/spot-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { type SpotList, spotList, spotParams, spotRequest } from '../contract/spot-contract.ts'
import { fileResponse } from '../protocol/openapi.ts'

const tags = ['novels']

type Context = RetakeContext & Pick<Application, 'clips'>

/** The spots of a novel that the second ear suspects: hear them, take them again, or say that they are fine. */
export function spotRoutes(app: ApiServer, context: Context): void {
  app.get(
    '/api/novels/:id/spots',
    {
      schema: {
        tags,
        summary: 'Sentences whose sound may be wrong, with what was measured, in reading order',
        params: novelParams,
        response: { 200: spotList, '4xx': failure },
      },
    },
    async ({ params }) => listed(context, params.id),
  )

  app.put(
    '/api/novels/:id/spots/:spotId',
    {
      schema: {
        tags,
        summary: 'Say that a spot is fine as it is, which is remembered for its clip, or take that back',
        params: spotParams,
        body: spotRequest,
        response: { 200: spotList, '4xx': failure },
      },
    },
    async ({ params, body }) => {
      const { key } = await requireSpot(context, params.id, keyOf(params.spotId))
      await settleSpot(context.db, key, body.fine ? 'fine' : undefined)
      return listed(context, params.id)
    },
  )

  app.post(
    '/api/novels/:id/spots/:spotId/retake',
    {
      schema: {
        tags,
        summary: 'Speak a spot once more, otherwise; the new take replaces the clip when it is spoken',
        params: spotParams,
        response: { 200: spotList, '4xx': failure, '5xx': failure },
      },
    },
    async ({ params }) => {
      await retakeSpot(context, params.id, keyOf(params.spotId))
      return listed(context, params.id)
    },
  )

  app.post(
    '/api/novels/:id/spots/:spotId/undo',
    {
      schema: {
        tags,
        summary:
          'Bring the take back that another, which was asked for, replaced; once more: the other again',
        params: spotParams,
        response: { 200: spotList, '4xx': failure, '5xx': failure },
      },
    },
    async ({ params }) => {
      await takeBack(context, params.id, keyOf(params.spotId))
      return listed(context, params.id)
    },
  )

  app.get(
    '/api/novels/:id/spots/:spotId/audio.m4a',
    {
      schema: {
        tags,
        summary: 'The sound of a spot, as audio/mp4',
        params: spotParams,
        response: fileResponse('audio/mp4'),
      },
    },
    async ({ params }, reply) => {
      const { key, voice } = await requireSpot(context, params.id, keyOf(params.spotId))
      const clip = await context.clips.get(key)
      if (clip === undefined || clip === 'damaged') throw new Failure('segment.unspoken')
      const file = Buffer.from(clipFile(clip, context.voices.nameOf(voice)))
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(file)
    },
  )
}

async function listed({ db, voices }: Context, novelId: string): Promise<SpotList & { success: true }> {
  await requireNovel({ db }, novelId)
  const [placed, roles] = await Promise.all([spotsOfNovel(db, novelId), voicesOfNovel(db, novelId)])
  const texts = new Map<number, readonly Segment[]>()
  for (const { chapterId } of placed)
    if (!texts.has(chapterId)) texts.set(chapterId, await segmentsOf(db, chapterId))
  // A sentence that is another voice's now is not heard so any more.
  const heard = placed.filter(({ chapterId, index, voice }) => {
    const { role = 0 } = texts.get(chapterId)?.[index] ?? {}
    const own = roles.find((one) => one.role === role)
    return own === undefined || own.voice === voice
  })
  const spots = heard.map(
    ({ key, chapterId, index, voice, frames, settled, foundAt, take, replaced, ...spot }) => {
      const segment = texts.get(chapterId)?.[index]
      return {
        id: `${key.recipe}${key.words}`,
        chapterNumber: spot.chapterNumber,
        chapterTitle: spot.chapterTitle,
        segment: index,
        block: segment?.block ?? 0,
        text: stripAnnotations(segment?.spoken ?? ''),
        voice: voices.nameOf(voice),
        seconds: framesToSeconds(frames),
        reasons: [...spot.reasons],
        takes: spot.takes,
        state: settled ?? ('open' as const),
        undo: canTakeBack({ replaced, voice }),
        version: `${take}-${spot.takes}-${frames}-${Date.parse(foundAt)}`,
      }
    },
  )
  return { success: true, open: spots.filter(({ state }) => state === 'open').length, spots }
}

function keyOf(spotId: string): ClipKey {
  return { recipe: spotId.slice(0, 32), words: spotId.slice(32) }
}
