import multipart from '@fastify/multipart'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import type { Application } from '../generation/studio.ts'
import type { AudiobookshelfExporter } from '../listening/audiobookshelf-writer.ts'
import { CoverThumbnails } from '../library/small-covers.ts'
import { EpubExporter } from '../listening/book-epub.ts'
import { ChapterLayoutCache } from '../listening/chapter-audio.ts'
import { Failure } from '../novel/failure.ts'
import { audiobookshelfRoutes } from './audiobookshelf.ts'
import { requestBasePath, stripBasePath } from './base-path.ts'
import { bookEpubRoutes } from './book-epub.ts'
import { chapterRoutes } from './chapters.ts'
import { responseSerializer } from './contract-writer.ts'
import { coverRoutes } from './covers.ts'
import { drainOnClose } from './draining.ts'
import { documentFailureResponses } from './documented-answers.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './exports.ts'
import { sendFailure, handleFailures } from './failures.ts'
import { feedRoutes } from './feeds.ts'
import { generationRoutes } from './generations.ts'
import { healthRoutes } from './health.ts'
import { heardRoutes } from './heard.ts'
import { listeningRoutes } from './listening.ts'
import { novelRoutes } from './novels.ts'
import { novelFeedRoutes } from './novel-feeds.ts'
import { novelSourceRoutes } from './novel-source.ts'
import { rejectUnknownMethods } from './known-methods.ts'
import { registerOpenApi } from './openapi.ts'
import { opdsRoutes } from './opds.ts'
import { opds2Routes } from './opds2.ts'
import type { AllowedHosts } from './own-names.ts'
import { compressResponses } from './packed-answers.ts'
import { answerNotFound, servePage } from './page.ts'
import { transcodeRoutes } from './recordings.ts'
import { checkIfMatch } from './preconditions.ts'
import { guardRequests, securityHeaders } from './security.ts'
import { openAiSpeechRoutes } from './speech-api.ts'
import { speechServerRoutes } from './speech-servers.ts'
import { abortStalledBodies } from './stalled-bodies.ts'
import { subtitleRoutes } from './subtitles.ts'
import { voiceFileRoutes } from './voice-files.ts'
import { voiceInstallRoutes } from './voice-installs.ts'
import { voiceRoutes } from './voices.ts'

export interface ServerOptions {
  readonly version: string
  /** Bytes that an uploaded book may have. */
  readonly uploadLimit: number
  /** Folder of the built page; left out: only the API is served. */
  readonly page?: string | undefined
  /** Whether what `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix` say is true. */
  readonly behindProxy?: boolean
  /** What the server listens at, and the further names that it has. */
  readonly allowedHosts: AllowedHosts
  /** The path below which a proxy shows this server: `/nightjar`; empty: none. */
  readonly basePath: string
  readonly audiobookshelf: AudiobookshelfExporter
  /** Milliseconds after which a request whose body stops coming is given up. */
  readonly bodyIdleTimeoutMs?: number | undefined
}

const frameworkLogLevel = (level: string): string => (level === 'info' ? 'warn' : level)

/** JSON bodies are short: the longest is a list of ten thousand chapter numbers. */
const jsonBytes = 256 * 1024

/** What tells how the server is, and what explains it, is answered before anybody can speak. */
const pathsThatNeedVoices = /^\/(api|v1|opds|feeds)\b(?!\/(health|docs|openapi))/

/** The door: every route of the contract over a studio. Ends what it streams when it is closed. */
export async function buildServer(studio: Application, options: ServerOptions): Promise<FastifyInstance> {
  const closing = new AbortController()
  // What the framework says of itself is of no use to the one who runs it.
  const loggerInstance: FastifyBaseLogger = studio.log.child({}, { level: frameworkLogLevel(studio.log.level) })
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: jsonBytes,
    forceCloseConnections: true,
    trustProxy: options.behindProxy ?? false,
    routerOptions: { maxParamLength: 300 },
    rewriteUrl: ({ url = '/' }) => stripBasePath(url, options.basePath),
    // An address that cannot be read comes to no hook and no handler.
    frameworkErrors: (_error, _request, reply) => {
      void sendFailure(reply.headers(securityHeaders), new Failure('request.not-found'))
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler<z.ZodType>(({ schema }) => responseSerializer(schema))
  app.addHook('preClose', async () => closing.abort(new Failure('server.stopping')))
  drainOnClose(app)
  abortStalledBodies(app, options.bodyIdleTimeoutMs)
  handleFailures(app, options.uploadLimit)
  answerNotFound(app, options.page)
  documentFailureResponses(app)
  guardRequests(app, options.allowedHosts)
  rejectUnknownMethods(app)
  compressResponses(app)
  checkIfMatch(app)
  app.decorateRequest('basePath', '')
  app.addHook('onRequest', async (request) => {
    request.basePath = requestBasePath(request, options.basePath, options.behindProxy ?? false)
  })
  // A box that has never spoken learns its voices from its first worker, within a second or two.
  app.addHook('onRequest', async ({ routeOptions: { url = '' } }) => {
    if (pathsThatNeedVoices.test(url)) await studio.voices.ready
  })
  await app.register(multipart, {
    limits: { files: 1, fields: 10, fileSize: options.uploadLimit, fieldSize: 1024 },
  })
  await registerOpenApi(app, options.version)
  const layouts = new ChapterLayoutCache()
  // Its own: reading a whole book would push out what players are reading from.
  const epubs = new EpubExporter(studio, new ChapterLayoutCache())
  const smallCovers = new CoverThumbnails(studio.folder)
  app.addHook('preClose', async () => smallCovers.stop())
  novelRoutes(app, studio, smallCovers, options.uploadLimit, closing.signal)
  coverRoutes(app, studio, smallCovers)
  chapterRoutes(app, studio)
  voiceRoutes(app, studio)
  voiceFileRoutes(app, studio, options.uploadLimit, closing.signal)
  voiceInstallRoutes(app, studio, closing.signal)
  speechServerRoutes(app, studio)
  generationRoutes(app, studio)
  listeningRoutes(app, studio, layouts)
  heardRoutes(app, studio)
  transcodeRoutes(app, studio)
  exportRoutes(app, studio, epubs)
  novelSourceRoutes(app, studio)
  novelFeedRoutes(app, studio)
  feedRoutes(app, studio, layouts)
  audiobookshelfRoutes(app, studio, options.audiobookshelf)
  opdsRoutes(app, studio)
  opds2Routes(app, studio)
  subtitleRoutes(app, studio)
  bookEpubRoutes(app, studio, epubs)
  eventRoutes(app, studio, closing.signal)
  healthRoutes(app, studio, options.version)
  await openAiSpeechRoutes(app, studio, closing.signal)
  if (options.page !== undefined) await servePage(app, options.page)
  return app
}
