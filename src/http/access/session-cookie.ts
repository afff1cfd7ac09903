import type { FastifyReply, FastifyRequest } from 'fastify'
import { longestMs } from '../../accounts/sessions.ts'

const sessionName = 'nightjar'
/** Of a browser that is at an OpenID provider: `OpenIdProvider`. */
const errandName = 'nightjar-away'
/** So long may somebody take there. */
const errandSeconds = 15 * 60

/** The secret of a session; `undefined`: none came. */
export function sessionSecret(request: FastifyRequest): string | undefined {
  return cookieOf(request, sessionName)
}

/** Scripts do not see it, and other sites' pages do not send it but by a link. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  setCookie(request, reply, sessionName, secret, Math.floor(longestMs / 1000))
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, sessionName, '', 0)
}

export function errandSecret(request: FastifyRequest): string | undefined {
  return cookieOf(request, errandName)
}

export function setErrandCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  setCookie(request, reply, errandName, secret, errandSeconds)
}

export function clearErrandCookie(request: FastifyRequest, reply: FastifyReply): void {
  setCookie(request, reply, errandName, '', 0)
}

/** Over https, where the prefix has browsers refuse what another host or an unencrypted page sets. */
const secured = (name: string): string => `__Host-${name}`

/** One that came unencrypted counts only where all is unencrypted. */
function cookieOf({ headers, protocol }: FastifyRequest, name: string): string | undefined {
  const cookies = new Map(
    (headers.cookie ?? '').split(/;\s*/).map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
  return cookies.get(secured(name)) ?? (protocol === 'https' ? undefined : cookies.get(name))
}

/** An answer may set several. */
function setCookie(
  { protocol }: FastifyRequest,
  reply: FastifyReply,
  name: string,
  value: string,
  seconds: number,
): void {
  const secure = protocol === 'https'
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`
  reply.header('set-cookie', `${secure ? secured(name) : name}=${value}; ${attributes}`)
}
