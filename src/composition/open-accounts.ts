import { isIP } from 'node:net'
import type { Logger } from 'pino'
import { openIdProvider, proxyHeaders, roleRule } from '../account-settings.ts'
import type { OpenIdProvider } from '../accounts/openid-provider.ts'
import { SetupOffer } from '../accounts/setup-offer.ts'
import type { Settings } from '../config.ts'
import type { AccessControl } from '../http/access/access-control.ts'
import { TrustedProxy } from '../http/access/proxy-headers.ts'
import type { Database } from '../storage/database-tables.ts'

interface AccountParts {
  readonly db: Database
  readonly log: Logger
  /** What the commands of this machine send. */
  readonly consoleSecret: string
}

/**
 * How the server knows who asks; `undefined`: nobody is asked. Before there is a first admin a code is written down. Throws
 * `settings.invalid`.
 */
export async function openAccounts(
  settings: Settings,
  { db, log, consoleSecret }: AccountParts,
): Promise<AccessControl | undefined> {
  if (!asksWhoComes(settings)) return undefined
  const setup = new SetupOffer(db, (code) => {
    const told = `Nobody has an account yet. Open the page and make the first admin with the code ${code}`
    if (log.isLevelEnabled('warn')) log.warn(told)
    // It has to stand somewhere.
    else console.error(told)
  })
  await setup.offer()
  return {
    db,
    consoleSecret,
    offerSetup: () => setup.offer(),
    provider: await openProvider(settings),
    proxy: openProxy(settings, log),
    rule: roleRule(settings),
  }
}

/** Its code is loaded where there is one. It is asked for nothing yet: it may be away. */
async function openProvider(settings: Settings): Promise<OpenIdProvider | undefined> {
  const provider = openIdProvider(settings)
  if (!provider) return undefined
  const { OpenIdProvider } = await import('../accounts/openid-provider.ts')
  return new OpenIdProvider(provider)
}

function openProxy(settings: Settings, log: Logger): TrustedProxy | undefined {
  const headers = proxyHeaders(settings)
  if (!headers) return undefined
  return new TrustedProxy(headers, (address) =>
    log.warn(
      `${address} tells in the header ${headers.user} who asks, but is not one of NIGHTJAR_PROXY_ADDRESSES: it is ignored`,
    ),
  )
}

/** Whether people have to sign in. */
export function asksWhoComes(settings: Settings): boolean {
  const { NIGHTJAR_AUTH, HOST, NIGHTJAR_OIDC_ISSUER, NIGHTJAR_PROXY_USER_HEADER } = settings
  if (NIGHTJAR_AUTH !== '') return NIGHTJAR_AUTH === 'accounts'
  return !isLoopback(HOST) || NIGHTJAR_OIDC_ISSUER !== '' || NIGHTJAR_PROXY_USER_HEADER !== ''
}

function isLoopback(host: string): boolean {
  return /^localhost\.?$/i.test(host) || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
