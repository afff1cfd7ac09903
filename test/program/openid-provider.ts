import { createServer, type Server } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from './free-port.ts'

/** Somebody who has an account with the provider. */
export interface ProvidedPerson {
  readonly name?: string
  readonly groups?: readonly string[]
}

const clientSecret = 'the secret of Nightjar at the provider'

/**
 * A real OpenID provider on this machine, to be started and stopped; its address stands from the beginning. Whoever signs
 * in there with a name of `people`, and any password, is that one; the name is the subject too.
 */
export class LoopbackProvider implements AsyncDisposable {
  readonly issuer: string
  readonly people = new Map<string, ProvidedPerson>()
  #server: Server | undefined

  private constructor(port: number) {
    this.issuer = `http://127.0.0.1:${port}`
  }

  static async choose(): Promise<LoopbackProvider> {
    return new LoopbackProvider(await freePort())
  }

  /** What a server needs to know of it. */
  get settings(): Readonly<Record<string, string>> {
    return {
      NIGHTJAR_OIDC_ISSUER: this.issuer,
      NIGHTJAR_OIDC_CLIENT_ID: 'nightjar',
      NIGHTJAR_OIDC_CLIENT_SECRET: clientSecret,
      NIGHTJAR_OIDC_NAME: 'The Guild',
    }
  }

  /** `nightjar`: addresses of the servers that people are sent back to. */
  async start(...nightjar: readonly string[]): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: 'nightjar',
          client_secret: clientSecret,
          redirect_uris: nightjar.map((address) => `${address}/api/accounts/provider/callback`),
          post_logout_redirect_uris: nightjar.map((address) => `${address}/sign-in?out`),
        },
      ],
      scopes: ['openid', 'profile', 'groups'],
      claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
      pkce: { required: () => true },
      cookies: { keys: ['a key for this test alone'] },
      findAccount: (_context, id) => {
        const known = this.people.get(id)
        return known && { accountId: id, claims: () => ({ ...known, sub: id }) }
      },
      // Nobody is asked whether Nightjar may know them.
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({
          clientId: oidc.client.clientId,
          accountId: oidc.session.accountId,
        })
        grant.addOIDCScope('openid profile groups')
        await grant.save()
        return grant
      },
    })
    const { port } = new URL(this.issuer)
    const server = createServer(provider.callback())
    await new Promise<void>((resolve) => {
      server.listen(Number(port), '127.0.0.1', resolve)
    })
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /**
   * Goes through the provider's pages as a browser does that `login` sits at, and returns the address to which it is sent
   * back, without going there.
   */
  async signIn(address: string, login: string): Promise<string> {
    const cookies = new Map<string, string>()
    let next = address
    let body: URLSearchParams | undefined
    for (let step = 0; step < 12; step++) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body && { method: 'POST', body }),
      })
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
        cookies.set(name, value)
      }
      const location = response.headers.get('location')
      body = undefined
      if (location !== null) {
        next = new URL(location, next).href
        if (!next.startsWith(`${this.issuer}/`)) return next
        continue
      }
      const text = await response.text()
      const [, action] = /<form[^>]* action="([^"]+)"/.exec(text) ?? []
      if (action === undefined) throw new Error(`the provider said ${response.status}: ${text}`)
      next = new URL(action.replaceAll('&amp;', '&'), next).href
      body = new URLSearchParams({ prompt: 'login', login, password: 'any' })
    }
    throw new Error(`the provider sends its guests in a circle: ${next}`)
  }
}
