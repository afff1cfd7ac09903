import { createHash } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Asked {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** How a path is answered: a text or bytes of a type, or by hand. */
export type OpdsAnswer =
  | { readonly type: string; readonly body: string | Uint8Array }
  | ((response: ServerResponse, request: IncomingMessage) => void)

const atomType = 'application/atom+xml;profile=opds-catalog'

/** A catalogue as other programs serve one, on a port of its own; with a name and password where `login` is set. */
export class OpdsServer implements AsyncDisposable {
  readonly asked: Asked[] = []
  readonly answers = new Map<string, OpdsAnswer>()
  login: { readonly user: string; readonly password: string } | undefined
  /** Digest authentication by this algorithm instead of Basic, as Calibre's own server has it. */
  digest: 'MD5' | 'SHA-256' | undefined
  /** Of Digest; another one makes the requests with the old one stale. */
  nonce = 'the first nonce'
  readonly #server = createServer((request, response) => this.#answer(request, response))

  static async start(): Promise<OpdsServer> {
    const server = new OpdsServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  url(path: string): string {
    return this.origin + path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** `undefined`: who asks is let in. */
  #challenge(uri: string, sent = ''): string | undefined {
    const { login, digest, nonce } = this
    if (!login) return undefined
    if (!digest) {
      const wanted = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
      return sent === wanted ? undefined : 'Basic realm="books"'
    }
    const hash = (text: string): string =>
      createHash(digest === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex')
    const given = (name: string): string => new RegExp(`[ ,]${name}="?([^",]*)`).exec(sent)?.[1] ?? ''
    const secret = hash(`${login.user}:books:${login.password}`)
    const asked = hash(`GET:${uri}`)
    const right = hash(`${secret}:${given('nonce')}:${given('nc')}:${given('cnonce')}:auth:${asked}`)
    const isRight = given('response') === right && given('uri') === uri && given('nc') !== ''
    if (isRight && given('nonce') === nonce) return undefined
    return `Digest realm="books", nonce="${nonce}", algorithm=${digest}, qop="auth"${isRight ? ', stale=true' : ''}`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/', headers } = request
    this.asked.push({ path: url, headers })
    const challenge = this.#challenge(url, headers.authorization)
    if (challenge !== undefined) {
      response.writeHead(401, { 'www-authenticate': challenge }).end()
      return
    }
    const answer = this.answers.get(url) ?? this.answers.get(url.replace(/\?.*$/, ''))
    if (answer === undefined) response.writeHead(404).end()
    else if (typeof answer === 'function') answer(response, request)
    else response.writeHead(200, { 'content-type': answer.type }).end(answer.body)
  }
}

/** A feed of OPDS 1.2; `body`: links and entries. */
export function atomFeed(title: string, body: string): OpdsAnswer {
  return {
    type: atomType,
    body: `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>urn:uuid:1</id><title>${title}</title><updated>2026-01-01T00:00:00Z</updated>${body}</feed>`,
  }
}

export function atomBook(
  title: string,
  href: string,
  type = 'application/epub+zip',
  author = 'Anna Bell',
): string {
  return `<entry><title>${title}</title><id>urn:x:${title}</id><author><name>${author}</name></author>
<summary>What ${title} tells.</summary>
<link rel="http://opds-spec.org/image" href="/cover.jpg" type="image/jpeg"/>
<link rel="http://opds-spec.org/acquisition" href="${href}" type="${type}"/></entry>`
}
