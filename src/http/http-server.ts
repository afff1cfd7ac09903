import multipart from '@fastify/multipart'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { AudiobookshelfExporter } from '../exports/audiobookshelf/audiobookshelf-exporter.ts'
import { EpubExporter } from '../exports/epub/epub-export.ts'
import type { Application } from '../jobs/application.ts'
import type { ImportBatches } from '../jobs/import/batches/import-batches.ts'
import type { Inbox } from '../jobs/inbox/inbox.ts'
import { Failure } from '../novel/failure.ts'
import { ChapterLayoutCache } from '../playback/chapter-audio.ts'
import { CoverThumbnails } from '../storage/local/cover-thumbnails.ts'
import { type AccessControl, controlAccess, stillAllowed } from './access/access-control.ts'
import { hideKeptNovels, limitListeners } from './access/kept-novels.ts'
import { answerClientError } from './protocol/client-errors.ts'
import { checkIfMatch } from './protocol/conditional-requests.ts'
import { abortStalledBodies, drainAnsweredBodies, drainOnClose } from './protocol/connection-lifetime.ts'
import { handleFailures, sendFailure } from './protocol/failure-responses.ts'
import { answerNotFound, rejectUnknownMethods, servePage } from './protocol/fallback-routes.ts'
import { documentFailureResponses, registerOpenApi } from './protocol/openapi.ts'
import { requestBasePath, stripBasePath } from './protocol/public-urls.ts'
import { identifyRequests, logAnswers, requestIdHeader, requestIds } from './protocol/request-ids.ts'
import { type AllowedHosts, guardRequests, securityHeaders } from './protocol/request-security.ts'
import { compressResponses } from './protocol/response-compression.ts'
import { responseSerializer } from './protocol/response-serializer.ts'
import { accountRoutes } from './routes/account-routes.ts'
import { begunRoutes } from './routes/begun-routes.ts'
import { bookmarkRoutes } from './routes/bookmark-routes.ts'
import { coverageRoutes } from './routes/coverage-routes.ts'
import { eventRoutes } from './routes/event-routes.ts'
import { addressRoutes } from './routes/address-routes.ts'
import { aheadRoutes } from './routes/ahead-routes.ts'
import { audiobookshelfRoutes, bookEpubRoutes, exportRoutes } from './routes/export-routes.ts'
import { generationRoutes } from './routes/generation-routes.ts'
import { heardRoutes } from './routes/heard-routes.ts'
import { importBatchRoutes } from './routes/import-batch-routes.ts'
import { inboxRoutes } from './routes/inbox-routes.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { houseRoutes } from './routes/house-routes.ts'
import { listenerRoutes } from './routes/listener-routes.ts'
import { listeningDayRoutes } from './routes/listening-day-routes.ts'
import { listeningRoutes } from './routes/listening-routes.ts'
import { metricsRoutes } from './routes/metrics-routes.ts'
import { bookContentRoutes } from './routes/book-content-routes.ts'
import { coverRoutes, novelSourceRoutes } from './routes/novel-file-routes.ts'
import { chapterRoutes, novelRoutes } from './routes/novel-routes.ts'
import { opds2Routes, opdsRoutes } from './routes/opds-routes.ts'
import { opdsSourceRoutes } from './routes/opds-source-routes.ts'
import { openAiSpeechRoutes } from './routes/openai-speech-routes.ts'
import { feedRoutes, novelFeedRoutes } from './routes/podcast-routes.ts'
import { ownAccountRoutes } from './routes/own-account-routes.ts'
import { peopleRoutes } from './routes/people-routes.ts'
import { planRoutes } from './routes/plan-routes.ts'
import { providerRoutes } from './routes/provider-routes.ts'
import { probeRoutes } from './routes/probe-routes.ts'
import { machineRoutes } from './routes/machine-routes.ts'
import { pronunciationRoutes } from './routes/pronunciation-routes.ts'
import { searchRoutes } from './routes/search-routes.ts'
import { chatRoutes } from './routes/chat-routes.ts'
import { castRoutes } from './routes/cast-routes.ts'
import { namesRoutes } from './routes/names-routes.ts'
import { plsRoutes } from './routes/pls-routes.ts'
import { lexiconRoutes } from './routes/lexicon-routes.ts'
import { removalRoutes } from './routes/removal-routes.ts'
import { reviewRoutes } from './routes/review-routes.ts'
import { speakerRoutes } from './routes/speaker-routes.ts'
import { speechServerRoutes } from './routes/speech-server-routes.ts'
import { spotRoutes } from './routes/spot-routes.ts'
import { subtitleRoutes } from './routes/subtitle-routes.ts'
import { trashRoutes } from './routes/trash-routes.ts'
import { transcodeRoutes } from './routes/transcode-routes.ts'
import { versionRoutes } from './routes/version-routes.ts'
import { webhookRoutes } from './routes/webhook-routes.ts'
import { voiceInstallRoutes } from './routes/voice-install-routes.ts'
import { voiceBlendRoutes } from './routes/voice-blend-routes.ts'
import { voiceFileRoutes } from './routes/voice-file-routes.ts'
import { voiceRoutes } from './routes/voice-routes.ts'

export interface ServerOptions {
  readonly version: string
  /** Maximum bytes of an uploaded book. */
  readonly uploadLimit: number
  /** Folder of the built page; `undefined`: only the API is served. */
  readonly page?: string | undefined
  /** Whether `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix` are trusted. */
  readonly behindProxy?: boolean
  /** The host names that requests may address. */
  readonly allowedHosts: AllowedHosts
  /** The path prefix of this server behind a proxy: `/nightjar`; empty: none. */
  readonly basePath: string
  readonly audiobookshelf: AudiobookshelfExporter
  /** How people are known; left out: nobody is asked, and all may do everything. */
  readonly accounts?: AccessControl | undefined
  readonly imports: ImportBatches
  /** Left out: no folder is watched. */
  readonly inbox?: Inbox | undefined
  /** Hosts of private networks from which books are fetched by their address; left out: none. */
  readonly fetchHosts?: ReadonlySet<string>
  /** Milliseconds without data after which a request body is aborted. */
  readonly bodyIdleTimeoutMs?: number | undefined
}

const frameworkLogLevel = (level: string): string => (level === 'info' ? 'warn' : level)

/** Maximum bytes of a JSON body: the longest is a list of ten thousand chapter numbers. */
const jsonBytes = 256 * 1024

/** Zod's. What Fastify brings for other schemas, which is 5 MB of memory, is not loaded where both are named here. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => (route: { readonly schema: unknown }) =>
    responseSerializer(route.schema as z.ZodType),
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

/** Routes that wait until the voices are known. Health and documentation are answered before, and machines join. */
const pathsThatNeedVoices = /^\/(api|v1|opds|feeds)\b(?!\/(health|docs|openapi|speakers|machines))/

/** Builds the HTTP server with all routes of the API. Closing it aborts its streams. */
export async function buildServer(
  application: Application,
  options: ServerOptions,
): Promise<FastifyInstance> {
  const closing = new AbortController()
  // Fastify's own info messages are of no use to the operator.
  const loggerInstance: FastifyBaseLogger = application.log.child(
    {},
    { level: frameworkLogLevel(application.log.level) },
  )
  const app = fastify({
    loggerInstance,
    genReqId: requestIds(options.behindProxy ?? false),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: jsonBytes,
    // A machine on which all else starts too, as after a power cut, takes longer than the ten seconds that are usual.
    pluginTimeout: 0,
    forceCloseConnections: true,
    // The nearest proxy alone: what stands before its own entry in X-Forwarded-For was sent by the client.
    trustProxy: options.behindProxy ? (_address, hop) => hop === 0 : false,
    routerOptions: { maxParamLength: 300 },
    schemaController: { compilersFactory },
    rewriteUrl: ({ url = '/' }) => stripBasePath(url, options.basePath),
    clientErrorHandler: answerClientError,
    // A malformed URL reaches neither hooks nor handlers.
    frameworkErrors: (_error, { id }, reply) => {
      reply.headers(securityHeaders).header(requestIdHeader, id)
      void sendFailure(reply, new Failure('request.not-found'))
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.addHook('preClose', async () => closing.abort(new Failure('server.stopping')))
  identifyRequests(app)
  logAnswers(app)
  drainOnClose(app)
  abortStalledBodies(app, options.bodyIdleTimeoutMs)
  drainAnsweredBodies(app)
  handleFailures(app, options.uploadLimit)
  answerNotFound(app, options.page)
  documentFailureResponses(app)
  guardRequests(app, options.allowedHosts)
  rejectUnknownMethods(app)
  controlAccess(app, options.accounts)
  if (options.accounts) {
    limitListeners(app, options.accounts.db)
    hideKeptNovels(app, options.accounts.db)
  }
  compressResponses(app)
  checkIfMatch(app)
  app.decorateRequest('basePath', '')
  app.addHook('onRequest', async (request) => {
    request.basePath = requestBasePath(request, options.basePath, options.behindProxy ?? false)
  })
  // On the very first start the voices are reported by the first speech worker, within one or two seconds.
  app.addHook('onRequest', async ({ routeOptions: { url = '' } }) => {
    if (pathsThatNeedVoices.test(url)) await application.voices.ready
  })
  await app.register(multipart, {
    limits: { files: 1, fields: 10, fileSize: options.uploadLimit, fieldSize: 1024 },
  })
  await registerOpenApi(app, options.version)
  const layouts = new ChapterLayoutCache()
  // A cache of its own: reading a whole book would evict the layouts that players use.
  const epubs = new EpubExporter(application, new ChapterLayoutCache())
  const smallCovers = new CoverThumbnails(application.folder, application.objects)
  app.addHook('preClose', async () => smallCovers.stop())
  accountRoutes(app, application, options.accounts)
  providerRoutes(app, application, options.accounts)
  ownAccountRoutes(app, application)
  peopleRoutes(app, application, options.accounts, options.imports)
  houseRoutes(app, application)
  novelRoutes(app, application, smallCovers, options.uploadLimit, closing.signal)
  const fetching = { uploadLimit: options.uploadLimit, privateHosts: options.fetchHosts ?? new Set() }
  addressRoutes(app, application, fetching, closing.signal)
  importBatchRoutes(app, application, { ...options, closing: closing.signal })
  trashRoutes(app, application)
  inboxRoutes(app, application, options.inbox)
  opdsSourceRoutes(app, application, closing.signal)
  coverRoutes(app, application, smallCovers)
  bookContentRoutes(app, application)
  chapterRoutes(app, application)
  voiceRoutes(app, application, closing.signal)
  voiceFileRoutes(app, application, options.uploadLimit, closing.signal)
  voiceBlendRoutes(app, application, closing.signal)
  voiceInstallRoutes(app, application, closing.signal)
  speechServerRoutes(app, application)
  machineRoutes(app, application, closing.signal)
  webhookRoutes(app, application)
  removalRoutes(app, application)
  await speakerRoutes(app, application, closing.signal)
  generationRoutes(app, application)
  planRoutes(app, application)
  castRoutes(app, application)
  chatRoutes(app, application, closing.signal)
  lexiconRoutes(app, application, closing.signal)
  plsRoutes(app, application)
  namesRoutes(app, application)
  aheadRoutes(app, application)
  reviewRoutes(app, application)
  versionRoutes(app, application)
  coverageRoutes(app, application)
  listeningRoutes(app, application, layouts)
  heardRoutes(app, application)
  begunRoutes(app, application)
  searchRoutes(app, application, closing.signal)
  pronunciationRoutes(app, application, closing.signal)
  listenerRoutes(app, application)
  listeningDayRoutes(app, application)
  bookmarkRoutes(app, application)
  spotRoutes(app, application)
  transcodeRoutes(app, application)
  exportRoutes(app, application, epubs)
  novelSourceRoutes(app, application)
  novelFeedRoutes(app, application)
  feedRoutes(app, application, layouts)
  audiobookshelfRoutes(app, application, options.audiobookshelf)
  opdsRoutes(app, application)
  opds2Routes(app, application)
  subtitleRoutes(app, application)
  bookEpubRoutes(app, application, epubs)
  eventRoutes(app, application, closing.signal, stillAllowed(options.accounts))
  healthRoutes(app, application, options.version)
  probeRoutes(app, application, closing.signal)
  metricsRoutes(app, application, options.version)
  await openAiSpeechRoutes(app, application, closing.signal)
  if (options.page !== undefined) await servePage(app, options.page)
  return app
}

/** Starts listening and returns the server's local URL. Throws `server.port-taken`. */
export async function listen(
  app: FastifyInstance,
  { HOST, PORT }: { readonly HOST: string; readonly PORT: number },
): Promise<string> {
  try {
    await app.listen({
      host: HOST,
      port: PORT,
      listenTextResolver: (address) => `listening on ${address}`,
    })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
      throw new Failure('server.port-taken', { port: PORT }, { cause })
    }
    throw cause
  }
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound ? bound.port : PORT
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
