import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { addressList } from './http/access/proxy-headers.ts'
import type { RoleRule } from './accounts/role-rule.ts'
import type { ProviderSettings } from './accounts/openid-provider.ts'
import { Failure } from './novel/failure.ts'

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  )

/** A header's name as HTTP has it (RFC 9110, 5.6.2). */
const header = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]*$/, { message: 'the name of a header, such as Remote-User' })
  .default('')

/** The settings of how people come in. */
export const accountSettings = {
  NIGHTJAR_AUTH: z
    .enum(['', 'none', 'accounts'])
    .default('')
    .describe(
      '`accounts`: people sign in; `none`: whoever reaches the port may do everything; left out: `none` where `HOST` is this machine alone and neither of the next two ways is set, else `accounts`',
    ),
  NIGHTJAR_OIDC_ISSUER: z
    .string()
    .default('')
    .refine((value) => value === '' || isIssuer(value), {
      message:
        'an address such as https://sso.example.org, as the provider calls itself; http:// only on this machine',
    })
    .describe(
      'a provider of OpenID Connect with which people sign in, by the address that it calls itself: `https://sso.example.org`; empty: none',
    ),
  NIGHTJAR_OIDC_CLIENT_ID: z.string().default('').describe('how Nightjar is registered there'),
  NIGHTJAR_OIDC_CLIENT_SECRET: z.string().default('').describe('its secret there; empty: a public client'),
  NIGHTJAR_OIDC_CLIENT_SECRET_FILE: z.string().default('').describe('a file that holds it instead'),
  NIGHTJAR_OIDC_NAME: z
    .string()
    .max(60)
    .default('')
    .describe('what the page calls the provider; empty: the name of its host'),
  NIGHTJAR_OIDC_GROUPS: z
    .string()
    .regex(/\S/)
    .default('groups')
    .describe('the claim in which the provider tells somebody’s groups'),
  NIGHTJAR_PROXY_USER_HEADER: header.describe(
    'a header in which a proxy of yours tells who asks: `Remote-User`; empty: none',
  ),
  NIGHTJAR_PROXY_GROUPS_HEADER: header.describe(
    'in which it tells their groups: `Remote-Groups`; empty: none',
  ),
  NIGHTJAR_PROXY_ADDRESSES: list
    .refine((addresses) => addressList(addresses) !== undefined, {
      message: 'addresses in figures or networks, such as 127.0.0.1,10.0.0.0/8',
    })
    .describe(
      'the addresses from which these headers are believed, or networks: `127.0.0.1,172.18.0.0/16`; from everywhere else they are ignored',
    ),
  NIGHTJAR_ADMIN_GROUPS: list.describe(
    'groups, of the provider or the proxy, whose people are admins, comma separated',
  ),
  NIGHTJAR_EDITOR_GROUPS: list.describe('whose people are editors'),
  NIGHTJAR_LISTENER_GROUPS: list.describe('whose people are listeners'),
  NIGHTJAR_NEW_PEOPLE: z
    .enum(['no', 'listener', 'editor'])
    .default('no')
    .describe(
      'what somebody is who comes by the provider or the proxy and is in none of these groups: `listener`, `editor`, or `no`, who is not let in',
    ),
}

type AccountSettings = z.infer<z.ZodObject<typeof accountSettings>>

/** `undefined`: none. Throws `settings.invalid`. */
export function openIdProvider(settings: AccountSettings): ProviderSettings | undefined {
  const { NIGHTJAR_OIDC_ISSUER: issuer, NIGHTJAR_OIDC_CLIENT_ID: clientId } = settings
  if (issuer === '') return undefined
  if (clientId === '') throw invalid('NIGHTJAR_OIDC_CLIENT_ID: is needed with NIGHTJAR_OIDC_ISSUER')
  const clientSecret =
    settings.NIGHTJAR_OIDC_CLIENT_SECRET || secretIn(settings.NIGHTJAR_OIDC_CLIENT_SECRET_FILE)
  return {
    issuer: new URL(issuer),
    clientId,
    ...(clientSecret !== '' && { clientSecret }),
    name: settings.NIGHTJAR_OIDC_NAME || new URL(issuer).hostname,
    groupsClaim: settings.NIGHTJAR_OIDC_GROUPS,
  }
}

/** Names of the headers and the addresses from which they are believed; `undefined`: none. Throws `settings.invalid`. */
export function proxyHeaders(settings: AccountSettings) {
  const user = settings.NIGHTJAR_PROXY_USER_HEADER.toLowerCase()
  if (user === '') return undefined
  const addresses = addressList(settings.NIGHTJAR_PROXY_ADDRESSES)
  if (!addresses || settings.NIGHTJAR_PROXY_ADDRESSES.length === 0) {
    throw invalid('NIGHTJAR_PROXY_ADDRESSES: is needed with NIGHTJAR_PROXY_USER_HEADER')
  }
  return { user, groups: settings.NIGHTJAR_PROXY_GROUPS_HEADER.toLowerCase(), addresses }
}

export function roleRule(settings: AccountSettings): RoleRule {
  return {
    groups: {
      admin: settings.NIGHTJAR_ADMIN_GROUPS,
      editor: settings.NIGHTJAR_EDITOR_GROUPS,
      listener: settings.NIGHTJAR_LISTENER_GROUPS,
    },
    others: settings.NIGHTJAR_NEW_PEOPLE,
  }
}

/** What goes to the provider has to be encrypted, but on this machine. */
function isIssuer(value: string): boolean {
  if (!/^https?:\/\/[^\s@?#]+$/.test(value) || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname)
}

function secretIn(file: string): string {
  if (file === '') return ''
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    const told = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw invalid(`NIGHTJAR_OIDC_CLIENT_SECRET_FILE: ${file} cannot be read (${told})`)
  }
}

function invalid(detail: string): Failure {
  return new Failure('settings.invalid', { detail })
}
