import type { EngineInfo } from '../../speech/worker/worker-protocol.ts'
import type { Application } from '../../jobs/application.ts'
import type { SegmentLease } from '../../jobs/scheduler/segment-scheduler.ts'
import { Failure } from '../../novel/failure.ts'
import { done } from '../contract/field-contract.ts'
import type { ApiServer } from '../api-server.ts'
import {
  clipAnswer,
  fileParams,
  heartbeatAnswer,
  heartbeatPost,
  joinedMachine,
  leaseAnswer,
  leaseFailure,
  leaseParams,
  leasePost,
  machinePost,
  speakerParams,
} from '../contract/speaker-contract.ts'
import { requireToken } from '../protocol/bearer-token.ts'
import { clipFrameType, decodeClipFrame, longestClipFrame } from '../protocol/clip-frame.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { sendFile } from '../protocol/file-response.ts'
import { forwardToOwner } from '../protocol/request-forwarding.ts'

/** How long a machine that has handed in a clip waits for its next segment in the same request. */
const nextWaitMs = 100

/**
 * What `nightjar speak` asks of its server, with a token of the scope `speak`. Not in the description of the API: machine
 * and server are of one version, and nobody else is to use it.
 */
export async function speakerRoutes(
  server: ApiServer,
  application: Pick<Application, 'db' | 'objects' | 'segmentScheduler' | 'servers' | 'voices'>,
  closing: AbortSignal,
): Promise<void> {
  await server.register(
    async (app: ApiServer) => {
      app.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'))
      requireToken(app, application.db, 'speak')
      app.addHook('preHandler', forwardToOwner(application.servers, closing))
      app.addContentTypeParser(
        clipFrameType,
        { parseAs: 'buffer', bodyLimit: longestClipFrame },
        async (_: unknown, body: Buffer) => body,
      )
      membershipRoutes(app, application)
      leaseRoutes(app, application)
      modelFileRoutes(app, application)
    },
    { prefix: '/api/speakers' },
  )
}

function membershipRoutes(app: ApiServer, { segmentScheduler }: Pick<Application, 'segmentScheduler'>): void {
  app.post(
    '',
    { schema: { hide: true, body: machinePost, response: { 201: joinedMachine } } },
    async ({ body }, reply) => {
      // Fields that are left out are `undefined` to zod's types.
      const engines = body.engines as readonly EngineInfo[]
      const speaker = await segmentScheduler.join({ ...body, engines })
      return reply.code(201).send({ success: true, speaker })
    },
  )

  app.post(
    '/:id/heartbeat',
    {
      schema: { hide: true, params: speakerParams, body: heartbeatPost, response: { 200: heartbeatAnswer } },
    },
    async ({ params, body }) => {
      const { lost, state } = await segmentScheduler.renew(params.id, body)
      return { success: true as const, lost: [...lost], state }
    },
  )

  app.delete(
    '/:id',
    { schema: { hide: true, params: speakerParams, response: { 200: done } } },
    async ({ params }) => {
      await segmentScheduler.leave(params.id)
      return { success: true as const }
    },
  )
}

function leaseRoutes(app: ApiServer, { segmentScheduler }: Pick<Application, 'segmentScheduler'>): void {
  app.post(
    '/:id/leases',
    { schema: { hide: true, params: speakerParams, body: leasePost, response: { 200: leaseAnswer } } },
    async ({ params, body }, reply) => {
      const { lease, state } = await segmentScheduler.lease(params.id, body.slot, {
        waitMs: body.wait * 1000,
        signal: disconnectSignal(reply),
      })
      return { success: true as const, lease: lease ?? null, state }
    },
  )

  app.put(
    '/leases/:lease/clip',
    {
      bodyLimit: longestClipFrame,
      schema: { hide: true, params: leaseParams, response: { 200: clipAnswer } },
    },
    async ({ params, body }, reply) => {
      if (!(body instanceof Uint8Array)) {
        throw new Failure('request.invalid', { detail: `a body of the type ${clipFrameType} is missing` })
      }
      const { clip, loads } = decodeClipFrame(body)
      // Looked up before: it is forgotten some time after the lease has ended.
      const place = segmentScheduler.slotOf(params.lease)
      const outcome = await segmentScheduler.complete(params.lease, clip, loads)
      if (outcome === 'gone') throw new Failure('speaker.lease-gone')
      const next = place && (await nextLease(place, disconnectSignal(reply)))
      return { success: true as const, next: next ?? null }
    },
  )

  /** The clip is stored, whatever becomes of this. */
  const nextLease = async (
    { machine, slot }: { readonly machine: string; readonly slot: number },
    signal: AbortSignal,
  ): Promise<SegmentLease | undefined> => {
    try {
      return (await segmentScheduler.lease(machine, slot, { waitMs: nextWaitMs, signal })).lease
    } catch (error) {
      if (error instanceof Failure && error.code === 'speaker.unknown') return undefined
      throw error
    }
  }

  app.post(
    '/leases/:lease/failure',
    { schema: { hide: true, params: leaseParams, body: leaseFailure, response: { 200: done } } },
    async ({ params, body }) => {
      if (!(await segmentScheduler.fail(params.lease, body))) throw new Failure('speaker.lease-gone')
      return { success: true as const }
    },
  )
}

/** The networks of installed voices and their configurations, by their hashes: no other object. */
function modelFileRoutes(app: ApiServer, { voices, objects }: Pick<Application, 'objects' | 'voices'>): void {
  app.get('/files/:sha256', { schema: { hide: true, params: fileParams } }, async (request, reply) => {
    const { sha256 } = request.params
    const key = voices.keyByChecksum(sha256)
    const found = key === undefined ? undefined : await objects.head(key)
    if (key === undefined || !found) throw new Failure('speaker.no-file', { sha256 })
    return sendFile(request, reply, 'application/octet-stream', {
      size: found.bytes,
      etag: `"${sha256}"`,
      async *read(start, end) {
        const opened = await objects.get(key, { start, end })
        // Removed at this moment: the connection breaks, and the next request is told.
        if (!opened) throw new Failure('speaker.no-file', { sha256 })
        yield* opened.body as AsyncIterable<Uint8Array>
      },
    })
  })
}
