import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { chapterByNumber } from '../database/chapters.ts'
import { generationById } from '../database/generations.ts'
import { installById } from '../database/voice-installs.ts'
import type { ApplicationEvent, SegmentStateEvent } from '../generation/announce.ts'
import type { Application } from '../generation/studio.ts'
import { renditionCounts } from '../generation/tally.ts'
import { yieldToEventLoop } from '../generation/turns.ts'
import type { ProgressEvent } from './event-contract.ts'
import { EventLog, type LoggedEvent } from './event-log.ts'
import { chapterStatus } from './novel-view.ts'
import { viewProgressBrief } from './progress-view.ts'
import type { ApiServer } from './door.ts'
import { viewServer } from './speech-servers.ts'
import { viewInstall } from './voice-installs.ts'

/** A generation's figures are told so often at most. */
const publishIntervalMs = 250
const heartbeatMs = 15_000
/** A listener who takes nothing for so many bytes is gone; it comes back with its last id. */
const maxUnsentBytes = 1024 * 1024

/** `GET /api/worker/events`: what happens, as it happens, to any number of listeners. */
export function eventRoutes(app: ApiServer, studio: Application, closing: AbortSignal): void {
  const log = new EventLog()
  const listeners = new Set<ServerResponse>()
  /** What moved since it was last told: the id, and which kind of event tells it. */
  const pendingChanges = new Map<string, Exclude<ApplicationEvent['kind'], 'segment'>>()
  /** The chapters of which something moved since, by novel and sound. */
  let changedChapters = new Map<string, Set<number>>()

  const send = (event: LoggedEvent) => {
    for (const response of listeners) {
      if (response.writableLength > maxUnsentBytes) response.destroy()
      else response.write(event.text)
    }
  }

  const publishChanges = async () => {
    const [told, chapters] = [[...pendingChanges], changedChapters]
    pendingChanges.clear()
    changedChapters = new Map()
    for (const [id, kind] of told) {
      const view = await viewChanged(studio, kind, id, chapters)
      if (view) send(log.add(kind, view))
      // A voice that rests moves all who wait for it.
      await yieldToEventLoop()
    }
  }

  const subscription = studio.eventBus.subscribe((news) => {
    if (news.kind === 'segment') {
      send(log.add('segment', news.segment))
      const key = renditionKey(news.segment)
      changedChapters.set(key, (changedChapters.get(key) ?? new Set()).add(news.segment.chapterNumber))
    } else if (pendingChanges.get(news.id) !== 'generation') pendingChanges.set(news.id, news.kind)
  })
  const publishTimer = setInterval(() => {
    publishChanges().catch((error: unknown) => app.log.error({ err: error }, 'progress could not be told'))
  }, publishIntervalMs).unref()
  const heartbeatTimer = setInterval(() => {
    for (const response of listeners) response.write(': still here\n\n')
  }, heartbeatMs).unref()

  closing.addEventListener('abort', () => {
    subscription[Symbol.dispose]()
    clearInterval(publishTimer)
    clearInterval(heartbeatTimer)
    for (const response of listeners) response.end()
  })

  app.get(
    '/api/worker/events',
    {
      // A HEAD would wait for ever.
      exposeHeadRoute: false,
      schema: {
        tags: ['generation'],
        summary: 'Server-sent events: progress, segment, generation; resumes by Last-Event-ID',
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      reply.hijack()
      const response = reply.raw
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) response.setHeader(name, value)
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      response.write('retry: 2000\n\n')
      const missed = log.since(request.headers['last-event-id'])
      if (missed) {
        for (const event of missed) response.write(event.text)
      } else {
        // A newcomer, or one who was away too long: how everything stands now.
        for (const segment of studio.dispatcher.segmentsInFlight())
          response.write(log.add('segment', segment).text)
        for (const { generation } of studio.activeGenerations.all()) pendingChanges.set(generation.id, 'generation')
      }
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    },
  )
}

/** How it stands now; `undefined` when it is gone. */
async function viewChanged(
  studio: Application,
  kind: Exclude<ApplicationEvent['kind'], 'segment'>,
  id: string,
  changedChapters: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<object | undefined> {
  if (kind === 'install') {
    const row = await installById(studio.db, id)
    return row && viewInstall(studio, row)
  }
  if (kind === 'speech-server') {
    const known = studio.voices.server(id)
    return known && viewServer(studio, known)
  }
  return viewProgressEvent(studio, id, changedChapters)
}

function renditionKey({ novelId, voice, speed }: Pick<SegmentStateEvent, 'novelId' | 'voice' | 'speed'>): string {
  return `${novelId}/${voice}/${speed}`
}

/** `undefined` when the generation is gone, with its novel. */
async function viewProgressEvent(
  studio: Application,
  progressId: string,
  changedChapters: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<ProgressEvent | undefined> {
  const generation = await generationById(studio.db, progressId)
  const view = generation && (await viewProgressBrief(studio, progressId))
  if (!view) return undefined
  const { recipe, novelId } = generation
  const rows = []
  for (const number of changedChapters.get(renditionKey(generation)) ?? []) {
    const row = await chapterByNumber(studio.db, novelId, number)
    if (row) rows.push(row)
  }
  const counts = await renditionCounts(studio.counts, recipe, rows)
  const changed = rows.flatMap((row, at) => {
    const tally = counts[at]
    if (!tally) return []
    const status = chapterStatus(studio, row, tally, recipe)
    return [{ number: row.number, status, segmentsDone: tally.done, segmentsTotal: tally.total }]
  })
  return { ...view, changed }
}
