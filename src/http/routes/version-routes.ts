import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import type { GenerationParts } from '../../jobs/generations/generation-requests.ts'
import { leaveVersion, separateVersion } from '../../jobs/import/versions/offered-version.ts'
import type { EditContext } from '../../jobs/import/edit-chapters.ts'
import type { PreviewContext } from '../../jobs/import/edit-preview.ts'
import { Failure } from '../../novel/failure.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import type { NovelRow } from '../../storage/queries/novel-queries.ts'
import {
  offeredVersion as findVersion,
  offeredVersions,
} from '../../storage/queries/novel-version-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure, novelParams } from '../contract/field-contract.ts'
import { novelWithChapters } from '../contract/novel-contract.ts'
import {
  offeredVersion,
  takeRequest,
  versionDifference,
  versionParams,
} from '../contract/version-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { type NovelViewParts, viewNovel } from '../views/novel-view.ts'
import { viewDifference, viewOffered } from '../views/version-view.ts'
import { viewerOf } from '../views/viewer.ts'

type VersionRouteParts = EditContext &
  PreviewContext &
  GenerationParts &
  NovelViewParts &
  Pick<Application, 'lexicons'>

const tags = ['novels']
const path = '/api/novels/:id/versions/:versionId'

export function versionRoutes(app: ApiServer, application: VersionRouteParts): void {
  const { db, eventBus } = application

  async function requireVersion(
    id: string,
    versionId: string,
  ): Promise<{ readonly novel: NovelRow; readonly version: NovelRow }> {
    const row = await requireNovel(application, id)
    const version = await findVersion(db, id, versionId)
    if (!version) throw new Failure('version.unknown')
    return { novel: row, version }
  }

  app.get(
    '/api/novels/:id/versions',
    {
      schema: {
        tags,
        summary: 'Other versions of a novel that came and wait to be taken over, the latest first',
        params: novelParams,
        response: {
          200: z.object({ success: z.literal(true), versions: z.array(offeredVersion) }),
          '4xx': failure,
        },
      },
    },
    async ({ params }) => {
      await requireNovel(application, params.id)
      const versions = await offeredVersions(db, params.id)
      return { success: true as const, versions: versions.map(viewOffered) }
    },
  )

  app.get(
    path,
    {
      schema: {
        tags,
        summary:
          'How a version differs from its novel, by chapter and sentence, and what of it is spoken already',
        params: versionParams,
        response: {
          200: z.object({ success: z.literal(true), version: versionDifference }),
          '4xx': failure,
        },
      },
    },
    async ({ params }, reply) => {
      const of = await requireVersion(params.id, params.versionId)
      const { versionDifference: compare } = await import('../../jobs/import/versions/version-difference.ts')
      const difference = await compare(application, of.novel, of.version, disconnectSignal(reply))
      return { success: true as const, version: viewDifference(of.novel, of.version, difference) }
    },
  )

  app.post(
    `${path}/take`,
    {
      schema: {
        tags,
        summary:
          'Take a version over: what did not change keeps its audio and its places; undone like any edit of the chapters',
        params: versionParams,
        body: takeRequest,
        response: { 200: novelWithChapters, '4xx': failure },
      },
    },
    async (request) => {
      const { id, versionId } = request.params
      await requireVersion(id, versionId)
      const { takeVersion } = await import('../../jobs/import/versions/take-version.ts')
      await takeVersion(application, id, versionId, request.body)
      const { speakAddedChapters } = await import('../../jobs/import/versions/added-chapters.ts')
      await speakAddedChapters(application)
      await application.lexicons.resume(id)
      const row = await requireNovel(application, id)
      return { success: true as const, ...(await viewNovel(application, row, viewerOf(request))) }
    },
  )

  app.post(
    `${path}/separate`,
    {
      schema: {
        tags,
        summary: 'Keep a version as a novel of its own',
        params: versionParams,
        response: { 201: novelWithChapters, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { id, versionId } = request.params
      const { version } = await requireVersion(id, versionId)
      if (!(await separateVersion(application, version))) throw new Failure('version.unknown')
      eventBus.publish({ kind: 'novel', id: versionId })
      eventBus.publish({ kind: 'novel', id })
      await application.lexicons.resume(versionId)
      const row = await requireNovel(application, versionId)
      const view = await viewNovel(application, row, viewerOf(request))
      return reply.code(201).send({ success: true, ...view })
    },
  )

  app.delete(
    path,
    {
      schema: {
        tags,
        summary: 'Leave a version: the novel stays as it is',
        params: versionParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async ({ params: { id, versionId } }) => {
      await requireVersion(id, versionId)
      if (!(await leaveVersion(application, versionId))) throw new Failure('version.unknown')
      eventBus.publish({ kind: 'novel', id })
      return { success: true as const }
    },
  )
}
