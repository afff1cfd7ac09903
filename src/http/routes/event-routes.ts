import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { type Caller, listenerOf } from '../../accounts/callers.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { yieldToEventLoop } from '../../jobs/concurrency.ts'
import type { ApplicationEvent } from '../../jobs/event-bus.ts'
import { renditionCounts } from '../../jobs/generations/generation-progress.ts'
import { recipesOf } from '../../novel/casting.ts'
import { chapterByNumber } from '../../storage/queries/chapter-queries.ts'
import { generationById } from '../../storage/queries/generation-queries.ts'
import { installById } from '../../storage/queries/voice-queries.ts'
import type { ApiServer } from '../api-server.ts'
import type { ListenerEvent, ProgressEvent } from '../contract/event-contract.ts'
import { chapterStatus } from '../views/novel-view.ts'
import { viewProgressBrief, type ProgressViewParts } from '../views/progress-view.ts'
import { viewServer } from './speech-server-routes.ts'
import { viewInstall } from './voice-install-routes.ts'

type ProgressEventParts = ProgressViewParts & Pick<Application, 'dispatcher'>

type EventParts = ProgressEventParts &
  Pick<Application, 'eventBus' | 'installer' | 'serverBackends' | 'voices'>

/** Kinds of events that name what changed by its id. */
type ChangedKind = Extract<ApplicationEvent, { readonly id: string }>['kind']

export interface LoggedEvent {
  readonly id: string
  readonly text: string
  readonly kind: string
  /** Of which listener it is; left out: of nobody's in particular. */
  readonly listener?: string | undefined
}

/** Who hears the events. */
interface EventReader {
  readonly caller: Caller
  /** Whether who asked may still come in. */
  readonly mayStay: () => Promise<boolean>
}

/** Of the house: addresses of servers, machines. */
const houseKinds = new Set(['install', 'speech-server', 'machine'])

/** What is of a listener is told to that one, and what is of the house to who takes care of it. */
export function isFor({ kind, listener }: LoggedEvent, caller: Caller): boolean {
  if (listener !== undefined) return caller.kind === 'open' || listenerOf({ caller }) === listener
  return !houseKinds.has(kind) || caller.kind !== 'person' || caller.person.role !== 'listener'
}

/** A few minutes of events under load: enough for a phone that changes networks. */
const maxEvents = 3000

/** The last 3,000 events, so that a client that reconnects with `Last-Event-ID` gets what it missed. */
export class EventLog {
  /** Distinguishes the ids of this server run, whose count starts anew, from those of earlier runs. */
  readonly #run = randomUUID().slice(0, 8)
  readonly #events: LoggedEvent[] = []
  #count = 0

  add(kind: string, data: unknown, listener?: string): LoggedEvent {
    const id = `${this.#run}-${++this.#count}`
    const event = { id, kind, listener, text: `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n` }
    this.#events.push(event)
    if (this.#events.length > maxEvents) this.#events.splice(0, maxEvents / 10)
    return event
  }

  /** Later calls of `since` know none of the events so far. */
  clear(): void {
    this.#events.length = 0
  }

  /** The events after an id; `undefined` if the id is unknown or was evicted. */
  since(id: string | undefined): readonly LoggedEvent[] | undefined {
    const at = this.#events.findLastIndex((event) => event.id === id)
    return at < 0 ? undefined : this.#events.slice(at + 1)
  }
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

  const send = (event: LoggedEvent) => {
    for (const [response, { caller }] of clients) {
      if (!isFor(event, caller)) continue
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
    if (!isHeard()) return log.clear()
    for (const { listener, changed } of ofListener) send(log.add('listener', changed, listener))
    for (const [id, kind] of changes) {
      const view = await viewChanged(application, kind, id, chapters)
      if (view) send(log.add(kind, view))
      // There may be many: an unavailable backend changes all generations that wait for it.
      await yieldToEventLoop()
    }
  }

  const subscription = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment') {
      if (!isHeard()) return
      send(log.add('segment', event.segment))
      const key = renditionKey(event.segment.novelId, event.recipe)
      changedChapters.set(key, (changedChapters.get(key) ?? new Set()).add(event.segment.chapterNumber))
    } else if (event.kind === 'listener') {
      const { kind: _, listener, ...changed } = event
      const key = [listener, ...Object.values(changed)].join('/')
      changedOfListener.set(key, { listener, changed })
    } else if (event.kind === 'everything') showActiveGenerations()
    else if ('id' in event && pendingChanges.get(event.id) !== 'generation')
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
        for (const event of missed) if (isFor(event, caller)) response.write(event.text)
      } else {
        // A new client, or one that was away too long, gets the current state.
        for (const segment of application.dispatcher.segmentsInFlight())
          response.write(log.add('segment', segment).text)
        showActiveGenerations()
      }
      clients.set(response, { caller, mayStay: () => mayStay(request) })
      response.on('close', () => clients.delete(response))
    },
  )
}

/** The current state of a changed object as event data; `undefined` if it was deleted. */
async function viewChanged(
  application: EventParts,
  kind: ChangedKind,
  id: string,
  changedChapters: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<object | undefined> {
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
