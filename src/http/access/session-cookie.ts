import type { FastifyReply, FastifyRequest } from 'fastify'
import { longestMs } from '../../accounts/sessions.ts'

/** Over https, where the prefix has browsers refuse what another host or an unencrypted page sets. */
const secureName = '__Host-nightjar'
const plainName = 'nightjar'

/** The secret of a session; `undefined`: none came. One that came unencrypted counts only where all is unencrypted. */
export function sessionSecret({ headers, protocol }: FastifyRequest): string | undefined {
  const cookies = new Map(
    (headers.cookie ?? '').split(/;\s*/).map((pair): [string, string] => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
  return cookies.get(secureName) ?? (protocol === 'https' ? undefined : cookies.get(plainName))
}

/** Scripts do not see it, and other sites' pages do not send it but by a link. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  reply.header('set-cookie', cookie(request, secret, Math.floor(longestMs / 1000)))
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('set-cookie', cookie(request, '', 0))
}

function cookie({ protocol }: FastifyRequest, value: string, seconds: number): string {
  const secure = protocol === 'https'
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`
  return `${secure ? secureName : plainName}=${value}; ${attributes}`
}
