import { Failure } from '../../novel/failure.ts'
import type { OpdsSource } from '../../novel/opds-source.ts'
import {
  connectionErrorMessage,
  httpGet,
  type HttpResponse,
  redirectOf,
} from '../../storage/download/http-request.ts'
import {
  isPrivateInFigures,
  PrivateAddressError,
  publicLookup,
} from '../../storage/download/public-addresses.ts'
import { OpdsLogin } from './opds-login.ts'

const userAgent = 'Nightjar'

/** The connection or the other server failed: another attempt may succeed. */
export class PassingOpdsError extends Failure {}

export interface OpdsRequest {
  readonly source: OpdsSource
  readonly address: URL
  /** Media types that are wanted. */
  readonly accept: string
  readonly signal: AbortSignal
}

interface OpenedResponse {
  readonly response: HttpResponse
  /** Where it came from, after redirects. */
  readonly at: URL
}

/**
 * Asks a catalogue for something, following redirects. Its name and password go to the origin of its own address alone, which
 * may be in a private network; all that it leads to besides has to be public. Throws `opds.unreachable`, `opds.refused`,
 * `opds.status`, and the signal's reason. The caller must close the response.
 */
export async function openOpds(request: OpdsRequest): Promise<OpenedResponse> {
  const { source, accept, signal } = request
  const own = new URL(source.address).origin
  const login = new OpdsLogin(source)
  let at = request.address
  for (let followed = 0; ; followed++) {
    const isOwn = at.origin === own
    if (!isOwn && isPrivateInFigures(at)) throw unreachable(at, privateNetwork)
    const headers = {
      accept,
      'accept-encoding': 'identity',
      'user-agent': userAgent,
      ...(isOwn && login.headers(at)),
    }
    const response = await httpGet(at, headers, signal, isOwn ? undefined : publicLookup).catch(
      (error: unknown) => {
        signal.throwIfAborted()
        if (error instanceof PrivateAddressError) throw unreachable(at, privateNetwork)
        throw passing(at, connectionErrorMessage(error))
      },
    )
    if (isOwn && login.asksAgain(response.status, response.headers['www-authenticate'])) {
      response.close()
      followed--
      continue
    }
    const redirect = redirectOf(response.status, response.headers, at, followed)
    if (redirect) {
      response.close()
      if ('fault' in redirect) throw unreachable(at, 'it leads on too often, or from https to http')
      at = redirect.next
      at.username = ''
      at.password = ''
      continue
    }
    if (response.status === 200) return { response, at }
    response.close()
    throw refusal(response.status, at, source, isOwn)
  }
}

const privateNetwork =
  'it leads into a private network, where only the address of the catalogue itself may be'

function refusal(status: number, at: URL, source: OpdsSource, isOwn: boolean): Failure {
  if (status === 401 || status === 403) {
    // Its password was not sent there.
    return !isOwn && source.user !== undefined
      ? unreachable(
          new URL(source.address),
          `it leads to ${at.origin}; write that address if it is the right one`,
        )
      : new Failure('opds.refused', { host: at.host })
  }
  const details = { host: at.host, status }
  return status >= 500 || [408, 425, 429].includes(status)
    ? new PassingOpdsError('opds.status', details)
    : new Failure('opds.status', details)
}

function unreachable(at: URL, detail: string): Failure {
  return new Failure('opds.unreachable', { host: at.host, detail })
}

export function passing(at: URL, detail: string): PassingOpdsError {
  return new PassingOpdsError('opds.unreachable', { host: at.host, detail })
}
