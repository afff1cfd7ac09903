import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Failure, type FailureCode } from '../../novel/failure.ts'
import { detailSaidIn, type Said } from '../../novel/saying.ts'
import { isFull, isStorageError, isUnwritable } from '../../storage/storage-errors.ts'

/** HTTP status by failure code; 400 for all others. */
const statuses: Readonly<Partial<Record<FailureCode, number>>> = {
  'request.too-large': 413,
  'request.too-long': 413,
  'request.wrong-type': 415,
  'request.foreign-origin': 403,
  'request.stalled': 408,
  'request.foreign-host': 403,
  'request.senseless': 422,
  'request.not-found': 404,
  'request.wrong-method': 405,
  'request.changed-meanwhile': 412,
  'import.unknown': 404,
  'address.unfit': 422,
  'address.private': 403,
  'address.unreachable': 502,
  'address.refused': 502,
  'address.slow': 504,
  'address.no-book': 415,
  'address.too-large': 413,
  'novel.unreadable': 415,
  'novel.empty-file': 422,
  'novel.no-text': 422,
  'novel.encrypted': 422,
  'novel.damaged': 422,
  'novel.hostile': 422,
  'novel.too-large': 503,
  'novel.unknown': 404,
  'novel.not-in-trash': 404,
  'novel.twice': 409,
  'novel.not-keeper': 403,
  'novel.no-cover': 404,
  'chapter.no-image': 404,
  'novel.no-anchor': 404,
  'chapter.unknown': 404,
  'skip.unknown': 404,
  'chapter.nothing-to-speak': 422,
  'edit.impossible': 422,
  'chat.silent': 502,
  'cast.none': 409,
  'cast.outdated': 409,
  'cast.impossible': 422,
  'lexicon.not-pls': 415,
  'lexicon.impossible': 422,
  'lexicon.no-series': 409,
  'lexicon.nothing': 409,
  'version.unknown': 404,
  'edit.nothing': 409,
  'edit.outdated': 409,
  'headings.pattern': 422,
  'headings.none': 422,
  'headings.too-many': 422,
  'headings.not-text': 422,
  'headings.no-source': 404,
  'segment.unknown': 404,
  'bookmark.nowhere': 404,
  'bookmark.unknown': 404,
  'spot.unknown': 404,
  'voice.unknown': 404,
  'voice.none': 422,
  'voice.silent': 502,
  'voice.not-in-catalogue': 404,
  'voice.no-sample': 404,
  'voice.unreachable': 502,
  'voice.missing': 502,
  'voice.damaged': 502,
  'voice.no-room': 507,
  'install.unknown': 404,
  'voice.unfit': 422,
  'speech.no-sentences': 422,
  'speech.no-model': 404,
  'speech.busy': 429,
  'voice.installed': 409,
  'voice.built-in': 409,
  'speech-server.unknown': 404,
  'speech-server.silent': 502,
  'speech-server.no-voices': 422,
  'generation.unknown': 404,
  'generation.over': 409,
  'removal.unknown': 404,
  'removal.replaced': 409,
  'opds.unknown': 404,
  'opds.no-fetch': 404,
  'opds.too-many': 409,
  'opds.unreachable': 502,
  'opds.refused': 502,
  'opds.status': 502,
  'opds.no-catalogue': 502,
  'opds.no-search': 409,
  'opds.too-large': 413,
  'webhook.unknown': 404,
  'webhook.no-delivery': 404,
  'webhook.too-many': 409,
  'audio.unfinished': 409,
  'audio.none': 404,
  'export.nothing-ready': 409,
  'export.no-part': 404,
  'export.chapter-unready': 409,
  'feed.none': 404,
  'feed.unknown': 404,
  'book.unfinished': 409,
  'book.killed': 503,
  'segment.unspoken': 409,
  'recording.nothing-ready': 409,
  'recording.too-large': 507,
  'recording.failed': 500,
  'storage.full': 507,
  'storage.failing': 503,
  'storage.damaged': 503,
  'storage.salvaging': 503,
  'speech.no-worker': 503,
  'speech.no-machine': 503,
  'speaker.unknown': 410,
  'speaker.other-version': 409,
  'speaker.other-engines': 409,
  'storage.unwritable': 507,
  'server.starting': 503,
  'speaker.lease-gone': 410,
  'speaker.clip': 422,
  'speaker.no-file': 404,
  'machine.unknown': 404,
  'token.unknown': 401,
  'token.scope': 403,
  'account.setup': 401,
  'account.signed-out': 401,
  'account.forbidden': 403,
  'account.no-token': 403,
  'account.wrong-password': 401,
  'account.wrong-code': 403,
  'account.slow': 429,
  'account.busy': 503,
  'account.set-up': 409,
  'account.link': 410,
  'account.name-taken': 409,
  'account.weak-password': 422,
  'account.no-name': 422,
  'account.unknown': 404,
  'account.last-admin': 409,
  'account.no-password': 409,
  'account.no-session': 404,
  'account.no-invitation': 404,
  'account.off': 409,
  'account.no-provider': 409,
  'account.provider-away': 503,
  'account.provider-refused': 403,
  'account.provider-stale': 400,
  'account.provider-wrong': 502,
  'account.not-invited': 403,
  'account.shut-out': 403,
  'account.subject-taken': 409,
  'account.only-way': 409,
  'account.not-connected': 409,
  'request.no-origin': 403,
  'token.not-listed': 404,
  'server.stopping': 503,
  'server.broken': 500,
}

export function failureStatus({ code }: Failure): number {
  return statuses[code] ?? 400
}

/** Failures that are logged with their cause. */
const internalFailures: readonly FailureCode[] = ['server.broken', 'storage.unwritable']

/** Sends every error as a `Failure`: one sentence and a code. Internal errors are logged in full, never sent. */
export function handleFailures(
  app: FastifyInstance,
  uploadLimit: number,
  send: (reply: FastifyReply, failure: Failure) => FastifyReply = sendFailure,
): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = asFailure(error, uploadLimit, request.headers['content-type'])
    // A stream that fails because the client has disconnected is not logged.
    if (internalFailures.includes(failure.code) && !reply.raw.destroyed) {
      request.log.error({ err: error }, 'a request failed')
    }
    // Not returned: for what is returned, a listener is added to the response that is sent anyway.
    send(reply, failure)
  })
}

export function sendFailure(reply: FastifyReply, failure: Failure, extra: object = {}): FastifyReply {
  if (failure.code === 'account.slow') reply.header('retry-after', String(failure.details['seconds']))
  return reply
    .code(failureStatus(failure))
    .type('application/json; charset=utf-8')
    .send({ ...failureBody(failure), ...extra })
}

/** The JSON body of a failure. */
export function failureBody({ code, message, said }: Failure): {
  success: false
  code: FailureCode
  error: string
  details?: Failure['details']
  detailSaid?: Said
} {
  const detailSaid = typeof said['detail'] === 'string' ? detailSaidIn(said['detail']) : undefined
  return {
    success: false,
    code,
    error: message,
    ...(Object.keys(said).length > 0 && { details: said }),
    ...(detailSaid && { detailSaid }),
  }
}

function asFailure(error: FastifyError, uploadLimit: number, type = 'nothing'): Failure {
  if (error instanceof Failure) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    const field = first?.instancePath.slice(1).replaceAll('/', '.')
    return new Failure('request.invalid', {
      detail: `${field ? `${field}: ` : ''}${readableMessage(first?.message ?? 'wrong')}`,
      ...(field && { field }),
    })
  }
  if (isFull(error)) return new Failure('storage.full')
  if (isUnwritable(error)) {
    return new Failure('storage.unwritable', { folder: 'the data folder', detail: error.message })
  }
  if (isStorageError(error)) return new Failure('storage.failing', { detail: error.message })
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Failure('request.too-long')
  if (/^FST_(?:PARTS|FILES|FIELDS)_LIMIT$/.test(error.code)) {
    return new Failure('request.invalid', { detail: 'it has more parts than are asked for' })
  }
  if (error.statusCode === 413) return tooLarge(uploadLimit)
  if (error.statusCode === 415) return new Failure('request.wrong-type', { type })
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new Failure('request.invalid', { detail: error.message })
  }
  return new Failure('server.broken')
}

/** `Invalid input: expected string, received undefined` → `a string is missing`. */
function readableMessage(message: string): string {
  return message
    .replace(/^Invalid input: expected (\w+), received undefined$/, 'a $1 is missing')
    .replace(/^Invalid input: /, '')
}

export function tooLarge(uploadLimit: number): Failure {
  return new Failure('request.too-large', { limit: `${Math.round(uploadLimit / 1024 / 1024)} MB` })
}
