import { createHmac } from 'node:crypto'
import * as openid from 'openid-client'
import { Failure } from '../novel/failure.ts'
import { isVouchedBy, subjectOf, type Vouched } from '../novel/person.ts'

export interface ProviderSettings {
  readonly issuer: URL
  readonly clientId: string
  /** Left out: a public client, whom PKCE alone protects. */
  readonly clientSecret?: string
  /** What the page calls it. */
  readonly name: string
  /** The claim with somebody's groups. */
  readonly groupsClaim: string
}

/** What somebody goes to the provider for: to come in, or to have their account here known by it. */
export type ProviderErrand = 'sign-in' | 'connect'

/** After so long the provider is asked again where it has what; as long as it is away, what it said last counts. */
const metadataMs = 3_600_000
/** An answer of the provider may take so long. */
const timeoutSeconds = 15

/**
 * Signs people in with an OpenID provider: authorization code with PKCE (RFC 7636), state and nonce; the ID token's
 * signature is checked too. Nothing of a sign-in is stored here: all that has to be known when somebody comes back is
 * computed from a secret that only their browser keeps, so a restart or another server in between does not matter. The
 * provider is asked when it is needed, and again when it was away.
 */
export class OpenIdProvider {
  readonly name: string
  readonly #settings: ProviderSettings
  #configuration: openid.Configuration | undefined
  #reading: Promise<openid.Configuration> | undefined
  #readAt = -Infinity

  constructor(settings: ProviderSettings) {
    this.#settings = settings
    this.name = settings.name
  }

  /**
   * The provider's page to which a browser goes. `secret`: of this browser, for this sign-in alone; `again`: who is signed
   * in there is asked for the password all the same. Throws `account.provider-away`, `account.provider-wrong`.
   */
  async begin(
    { redirect, secret, errand }: { redirect: string; secret: string; errand: ProviderErrand },
    { again = false } = {},
  ): Promise<URL> {
    const configuration = await this.#ready()
    const scopes = ['openid', 'profile']
    if (configuration.serverMetadata().scopes_supported?.includes('groups')) scopes.push('groups')
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: scopes.join(' '),
      state: derived(secret, errand),
      nonce: derived(secret, 'nonce'),
      code_challenge: await openid.calculatePKCECodeChallenge(derived(secret, 'verifier')),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login' }),
    })
  }

  /** For what somebody was there who comes back with this state; `undefined`: this browser has not begun it. */
  errandOf(secret: string, state: string): ProviderErrand | undefined {
    return (['sign-in', 'connect'] as const).find((errand) => derived(secret, errand) === state)
  }

  /**
   * Who has come back. `address`: of this request as the browser sent it. Throws `account.provider-refused`,
   * `account.provider-stale`, `account.provider-wrong`, `account.provider-away`, with the cause.
   */
  async finish(address: URL, secret: string): Promise<Vouched> {
    const configuration = await this.#ready()
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, address, {
        expectedState: address.searchParams.get('state') ?? '',
        expectedNonce: derived(secret, 'nonce'),
        pkceCodeVerifier: derived(secret, 'verifier'),
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('the provider sent no ID token')
      return this.#vouched({ ...(await this.#more(configuration, tokens.access_token, claims)), ...claims })
    } catch (error) {
      throw failureOf(error)
    }
  }

  /**
   * The provider's page on which a browser signs out there too, and is sent `back` (OpenID Connect RP-Initiated Logout). Of the
   * sign-in nothing was stored, so the provider asks whether it is meant. `undefined`: it has none, or does not answer.
   */
  async signOutPage(back: string): Promise<URL | undefined> {
    try {
      const configuration = await this.#ready()
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
      return openid.buildEndSessionUrl(configuration, { post_logout_redirect_uri: back })
    } catch (error) {
      if (error instanceof Failure) return undefined
      throw error
    }
  }

  /** Whether a subject is somebody's of this provider. */
  knows(subject: string): boolean {
    return isVouchedBy(subject, this.#settings.issuer.href)
  }

  /** Most providers tell name and groups only there. */
  async #more(configuration: openid.Configuration, token: string, claims: openid.IDToken) {
    const { groupsClaim } = this.#settings
    const isThere = configuration.serverMetadata().userinfo_endpoint !== undefined
    if (!isThere || (claims[groupsClaim] !== undefined && nameIn(claims) !== undefined)) return {}
    return openid.fetchUserInfo(configuration, token, claims.sub)
  }

  #vouched(claims: Claims): Vouched {
    const { issuer, groupsClaim } = this.#settings
    const groups = claims[groupsClaim]
    const listed = typeof groups === 'string' ? [groups] : Array.isArray(groups) ? groups : []
    return {
      subject: subjectOf(issuer.href, claims.sub),
      name: nameIn(claims) ?? '',
      groups: listed.filter((group) => typeof group === 'string'),
    }
  }

  async #ready(): Promise<openid.Configuration> {
    if (this.#configuration && Date.now() - this.#readAt < metadataMs) return this.#configuration
    this.#reading ??= this.#discover().finally(() => (this.#reading = undefined))
    try {
      this.#configuration = await this.#reading
      this.#readAt = Date.now()
    } catch (error) {
      if (!this.#configuration) throw failureOf(error)
    }
    return this.#configuration
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings
    const execute = [openid.enableNonRepudiationChecks]
    if (issuer.protocol === 'http:') execute.push(openid.allowInsecureRequests)
    const options = { execute, timeout: timeoutSeconds }
    if (clientSecret === undefined) {
      return openid.discovery(issuer, clientId, undefined, openid.None(), options)
    }
    return openid.discovery(issuer, clientId, {}, authentication(clientSecret), options)
  }
}

interface Claims extends Readonly<Record<string, unknown>> {
  readonly sub: string
}

/** OpenID Connect Core, 5.1; the first that is there. */
function nameIn(claims: Claims): string | undefined {
  const names = ['name', 'preferred_username', 'nickname', 'given_name'].map((claim) => claims[claim])
  return names.find((name): name is string => typeof name === 'string' && name.trim() !== '')
}

/** As the provider takes it; one that says nothing takes Basic (OpenID Connect Discovery, 3). */
function authentication(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const chosen = taken.includes('client_secret_basic') ? basic : post
    return chosen(server, ...rest)
  }
}

/** A value of its own for each use, from which neither the secret nor the other values can be found. */
function derived(secret: string, use: string): string {
  return createHmac('sha256', secret).update(use).digest('base64url')
}

/** What people are told; the cause is for the log. */
function failureOf(cause: unknown): Failure {
  return new Failure(codeOf(cause), {}, { cause })
}

function codeOf(cause: unknown) {
  if (cause instanceof openid.AuthorizationResponseError) return 'account.provider-refused'
  if (cause instanceof openid.ResponseBodyError) {
    if (cause.status >= 500) return 'account.provider-away'
    return cause.error === 'invalid_grant' ? 'account.provider-stale' : 'account.provider-wrong'
  }
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const isAway =
    code === 'OAUTH_TIMEOUT' ||
    (cause instanceof TypeError && cause.cause !== undefined) ||
    (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && statusOf(cause) >= 500)
  return isAway ? 'account.provider-away' : 'account.provider-wrong'
}

/** Of an answer that was none of OpenID. */
function statusOf(cause: unknown): number {
  const answer = cause instanceof Error ? cause.cause : undefined
  return answer instanceof Response ? answer.status : 0
}
