import type { FastifyReply } from 'fastify'
import type { Failure, FailureCode } from '../novel/failure.ts'
import { failureStatus } from './failures.ts'

/** The field of the request that a failure is about, where its details do not say. */
const failureFields: Readonly<Partial<Record<FailureCode, string>>> = {
  'speech.nothing-to-speak': 'input',
  'speech.no-sentences': 'input',
  'speech.too-long': 'input',
  'speech.no-model': 'model',
  'voice.none': 'voice',
  'voice.silent': 'voice',
  'voice.unknown': 'voice',
}

/** A failure in the shape that programs made for OpenAI’s server know. */
export function sendOpenAiFailure(reply: FastifyReply, failure: Failure): FastifyReply {
  // To these programs 404 means that nobody speaks here at all.
  const status = failure.code === 'voice.unknown' ? 400 : failureStatus(failure)
  const { seconds, field } = failure.details
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({
      error: {
        message: failure.message,
        type: openAiErrorType(status),
        code: failure.code,
        param: field === undefined ? (failureFields[failure.code] ?? null) : String(field),
      },
    })
}

function openAiErrorType(status: number): string {
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
