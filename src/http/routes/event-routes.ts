import type { ServerResponse } from 'node:http'
import type { Caller } from '../../accounts/callers.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { ApplicationEvent } from '../../jobs/event-bus.ts'
import { renditionCounts } from '../../jobs/generations/generation-progress.ts'
import { recipesOf } from '../../novel/casting.ts'
import { chapterByNumber } from '../../storage/queries/chapter-queries.ts'
import { generationById } from '../../storage/queries/generation-queries.ts'
import { keepers } from '../../storage/queries/kept-novel-queries.ts'
import { installById } from '../../storage/queries/voice-queries.ts'
import type { ApiServer } from '../api-server.ts'
import type { ListenerEvent, ProgressEvent } from '../contract/event-contract.ts'
import { chapterStatus } from '../views/novel-view.ts'
import { viewProgressBrief, type ProgressViewParts } from '../views/progress-view.ts'
import { EventLog, isFor, type LoggedEvent } from './event-log.ts'
import { viewServer } from './speech-server-routes.ts'
import { viewInstall } from './voice-install-routes.ts'

type ProgressEventParts = ProgressViewParts & Pick<Application, 'dispatcher'>

type EventParts = ProgressEventParts &
  Pick<Application, 'eventBus' | 'installer' | 'serverBackends' | 'voices'>

/** Kinds of events that name what changed by its id. */
type ChangedKind = Extract<ApplicationEvent, { readonly id: string }>['kind']

/** Who hears the events. */
interface EventReader {
  readonly caller: Caller
  /** Whether who asked may still come in. */
  readonly mayStay: () => Promise<boolean>
}

/** Minimum interval between two events of the same generation or install. */
const publishIntervalMs = 250
const heartbeatMs = 15_000
/** Without any client for so long, nothing is logged: the next gets the current state. */
const unheardMs = 5 * 60_000
/** A client with more buffered bytes than this is disconnected; it can reconnect with its last id. */
const maxUnsentBytes = 1024 * 1024

/** `GET /api/worker/events`: broadcasts the event bus to any number of clients as server-sent events. */
export function eventRoutes(
  app: ApiServer,
  application: EventParts,
  closing: AbortSignal,
  /** Whether who sent a request may still come in: its session may have ended. */
  mayStay: (request: FastifyRequest) => Promise<boolean>,
): void {
  const log = new EventLog()
  const clients = new Map<ServerResponse, EventReader>()
  let heardAt = -Infinity
  /** Whether somebody listens, or may come back for what was missed. */
  const isHeard = (): boolean => {
    if (clients.size > 0) heardAt = performance.now()
    return performance.now() - heardAt < unheardMs
  }
  /** Ids that changed since the last publication, with the kind of event to send. */
  const pendingChanges = new Map<string, ChangedKind>()
  /** What changed of the listener, likewise. */
  const changedOfListener = new Map<string, { listener: string; changed: ListenerEvent }>()
  /** Numbers of the chapters that changed since then, by `renditionKey`. */
  let changedChapters = new Map<string, Set<number>>()

  /** By novel, who keeps it to themselves; read before anything is told of a change. */
  let kept: ReadonlyMap<string, string> = new Map()
  /** Novels of which it is known who sees them; segments of others are held until it is. */
  const looked = new Set<string>()
  let held: { readonly novelId: string; readonly event: LoggedEvent }[] = []

  const send = (event: LoggedEvent) => {
    for (const [response, { caller }] of clients) {
      if (!isFor(event, caller, kept)) continue
      if (response.writableLength > maxUnsentBytes) response.destroy()
      else response.write(event.text)
    }
  }

  const showActiveGenerations = () => {
    for (const { generation } of application.activeGenerations.all())
      pendingChanges.set(generation.id, 'generation')
  }

  const publishChanges = async () => {
    const [changes, chapters] = [[...pendingChanges], changedChapters]
    const ofListener = [...changedOfListener.values()]
    pendingChanges.clear()
    changedOfListener.clear()
    changedChapters = new Map()
    const waiting = held
    held = []
    if (!isHeard()) return log.clear()
    if (changes.length > 0 || waiting.length > 0) kept = await keepers(application.db)
    for (const each of waiting) {
      // It has changed meanwhile.
      if (pendingChanges.has(each.novelId)) held.push(each)
      else {
        looked.add(each.novelId)
        send(each.event)
      }
    }
    for (const { listener, changed } of ofListener) send(log.add('listener', changed, { listener }))
    for (const [id, kind] of changes) {
      const view = await viewChanged(application, kind, id, chapters)
      const novelId = kind === 'novel' ? id : view && 'novelId' in view ? view.novelId : undefined
      if (view) send(log.add(kind, view, { novelId }))
      // There may be many: an unavailable backend changes all generations that wait for it.
      await yieldToEventLoop()
    }
  }

  const subscription = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment') {
      if (!isHeard()) return
      const { novelId } = event.segment
      const logged = log.add('segment', event.segment, { novelId })
      if (looked.has(novelId)) send(logged)
      else held.push({ novelId, event: logged })
      const key = renditionKey(event.segment.novelId, event.recipe)
      changedChapters.set(key, (changedChapters.get(key) ?? new Set()).add(event.segment.chapterNumber))
    } else if (event.kind === 'listener') {
      const { kind: _, listener, ...changed } = event
      const key = [listener, ...Object.values(changed)].join('/')
      changedOfListener.set(key, { listener, changed })
    } else if (event.kind === 'everything') showActiveGenerations()
    else if ('id' in event && event.kind === 'novel') {
      looked.delete(event.id)
      pendingChanges.set(event.id, event.kind)
    } else if ('id' in event && pendingChanges.get(event.id) !== 'generation')
      pendingChanges.set(event.id, event.kind)
  })
  const publishTimer = setInterval(() => {
    publishChanges().catch((error: unknown) => app.log.error({ err: error }, 'publishing events failed'))
  }, publishIntervalMs).unref()
  const heartbeatTimer = setInterval(() => {
    for (const [response, { mayStay }] of clients) {
      response.write(': still here\n\n')
      mayStay().then(
        (may) => may || response.end(),
        (error: unknown) => app.log.warn({ err: error }, 'it could not be asked who still may hear events'),
      )
    }
  }, heartbeatMs).unref()

  closing.addEventListener('abort', () => {
    subscription[Symbol.dispose]()
    clearInterval(publishTimer)
    clearInterval(heartbeatTimer)
    for (const response of clients.keys()) response.end()
  })

  app.get(
    '/api/worker/events',
    {
      // A HEAD request would never end.
      exposeHeadRoute: false,
      schema: {
        tags: ['generation'],
        summary: 'Server-sent events: progress, segment, generation, novel; resumes by Last-Event-ID',
        headers: z.object({ 'last-event-id': z.string().max(100).optional() }),
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      kept = await keepers(application.db)
      reply.hijack()
      const { caller } = request
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
        for (const event of missed) if (isFor(event, caller, kept)) response.write(event.text)
      } else {
        // A new client, or one that was away too long, gets the current state.
        for (const segment of application.dispatcher.segmentsInFlight()) {
          const event = log.add('segment', segment, { novelId: segment.novelId })
          if (isFor(event, caller, kept)) response.write(event.text)
        }
        showActiveGenerations()
      }
      clients.set(response, { caller, mayStay: () => mayStay(request) })
      response.on('close', () => clients.delete(response))
    },
  )
}

type ChangedView = { readonly id: string } | { readonly name: string } | ProgressEvent

/** The current state of a changed object as event data; `undefined` if it was deleted. */
async function viewChanged(
  application: EventParts,
  kind: ChangedKind,
  id: string,
  changedChapters: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<ChangedView | undefined> {
  if (kind === 'novel' || kind === 'machine') return { id }
  if (kind === 'install') {
    const row = await installById(application.db, id)
    return row && viewInstall(application, row)
  }
  if (kind === 'speech-server') {
    const known = application.voices.server(id)
    return known && viewServer(application, known)
  }
  return viewProgressEvent(application, id, changedChapters)
}

/** `recipe`: the hash. */
function renditionKey(novelId: string, recipe: string): string {
  return `${novelId}/${recipe}`
}

/** `undefined` if the generation was deleted with its novel. */
async function viewProgressEvent(
  application: ProgressEventParts,
  progressId: string,
  changedChapters: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<ProgressEvent | undefined> {
  const generation = await generationById(application.db, progressId)
  const view = generation && (await viewProgressBrief(application, progressId))
  if (!view) return undefined
  const { casting, novelId } = generation
  const rows = []
  const changedIn = recipesOf(casting).map((recipe) => changedChapters.get(renditionKey(novelId, recipe)))
  for (const number of new Set(changedIn.flatMap((numbers) => [...(numbers ?? [])]))) {
    const row = await chapterByNumber(application.db, novelId, number)
    if (row) rows.push(row)
  }
  const counts = await renditionCounts(application.counts, casting, rows)
  const changed = rows.flatMap((row, at) => {
    const rowCounts = counts[at]
    if (!rowCounts) return []
    const status = chapterStatus(application, row, rowCounts, casting)
    return [{ number: row.number, status, segmentsDone: rowCounts.done, segmentsTotal: rowCounts.total }]
  })
  return { ...view, changed }
}
