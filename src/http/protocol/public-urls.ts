import type { FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What stands before every address of this server where it was asked: `/nightjar`, or nothing. */
    basePath: string
  }
}

/** Segments of plain characters: it is written into pages and documents. */
const basePathPattern = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/

/** `nightjar/` → `/nightjar`, `/` → nothing; `undefined`: not the path of a folder. */
export function basePath(text: string): string | undefined {
  const path = text
    .trim()
    .replace(/\/+$/, '')
    .replace(/^(?=[^/])/, '/')
  return path === '' || basePathPattern.test(path) ? path : undefined
}

/**
 * Takes the path below which a proxy shows this server from the front of an address. A proxy may have done so itself:
 * then the address stays as it is.
 */
export function stripBasePath(url: string, base: string): string {
  if (base === '' || !url.startsWith(base)) return url
  const rest = url.slice(base.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

/** What a trusted proxy says of the path, else what the settings say. */
export function requestBasePath(
  { headers }: Pick<FastifyRequest, 'headers'>,
  base: string,
  trusted: boolean,
): string {
  const forwardedPrefix = trusted ? headers['x-forwarded-prefix'] : undefined
  return (typeof forwardedPrefix === 'string' ? basePath(forwardedPrefix) : undefined) ?? base
}

/**
 * Where the one who asks has reached this server, e.g. `http://box.local:4747` or `https://home/nightjar`: what stands in feeds and codes has to
 * be whole addresses. What a proxy says of it counts only where a setting trusts one. Throws `request.invalid`.
 */
export function publicBaseUrl({ protocol, host, basePath }: FastifyRequest): string {
  const address = `${protocol}://${host}`
  if (!/^https?:\/\/[\w.:[\]-]+$/.test(address) || !URL.canParse(address)) {
    throw new Failure('request.invalid', { detail: 'its Host header names no server' })
  }
  return new URL(address).origin + basePath
}

/** An address with these values in its query behind what stands there; those that are `undefined` are left out. */
export function withQuery(
  address: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  if (given.length === 0) return address
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`
}
